"""Pictures without a network: layered scenes painted from the words of a prompt.

`reading` finds concepts in the text, `plan` composes a view, `settings` paints the place, `props`
the named things, `arrange` puts them in it, `finish` gives the style. All of it is numpy and
OpenCV, in one process, and a pure function of the request.
"""

from __future__ import annotations

from .companion import OfflineCompanionArtist
from .illustrator import OfflineIllustrator
from .plan import companion_side

__all__ = ["OfflineCompanionArtist", "OfflineIllustrator", "companion_side"]
