"""Reelstep: videos made on AWS without a server to keep."""

__version__ = "0.1.0"
