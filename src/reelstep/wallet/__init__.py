"""What a job costs in tokens."""
