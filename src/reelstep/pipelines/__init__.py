"""What each system does, a module a step."""
