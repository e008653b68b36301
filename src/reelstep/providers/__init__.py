"""Who makes scripts, pictures, voices and music; one module a service."""
