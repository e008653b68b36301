"""The companion: a drawn character whose look comes from its id."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.companion.artist import OfflineCompanionArtist

__all__ = ["OfflineCompanionArtist"]
