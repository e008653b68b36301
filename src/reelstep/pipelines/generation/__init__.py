"""A prompt becomes a narrated film in six phases."""
