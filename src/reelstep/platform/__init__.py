"""What everything stands on: settings, AWS clients, errors, observability."""
