"""The cloud on a laptop: emulator, deploy, doctor."""
