"""Measures the ratios that Reelstep promises. Run `make bench`."""
