"""Pictures without a network: layered scenes painted from the words of a prompt.

`reading` finds concepts in the text, `plan` composes a view, `settings` paints the place, `props`
the named things, `arrange` puts them in it, `finish` gives the style. All of it is numpy and
OpenCV, in one process, and a pure function of the request.
"""

from __future__ import annotations

from reelstep.providers.offline.illustrator.companion import OfflineCompanionArtist
from reelstep.providers.offline.illustrator.illustrator import OfflineIllustrator

__all__ = ["OfflineCompanionArtist", "OfflineIllustrator"]
