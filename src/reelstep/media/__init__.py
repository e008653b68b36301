"""The film itself: timeline, chunks, frames, sound, captions, checks."""
