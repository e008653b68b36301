"""The reelstep command."""
