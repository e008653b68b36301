"""What clients see of a job, in order: the event log."""
