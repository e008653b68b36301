"""Where results live: S3 keys as functions and the content-addressed store."""
