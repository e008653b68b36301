"""Music composed and played from nothing but numpy: `SynthMusic`, provider "offline".

`composition` writes the piece (key, chords, motif, who plays when), `instruments` play its notes,
`mixdown` adds them up in a room, block by block.
"""

from __future__ import annotations

from reelstep.platform.errors import ProviderRejected
from reelstep.providers.base import MusicRequest
from reelstep.providers.offline.synth_music.composition import compose
from reelstep.providers.offline.synth_music.mixdown import render

__all__ = ["SynthMusic"]

SHORTEST, LONGEST = 4.0, 1_200.0


class SynthMusic:
    """`MusicProvider` "offline": a little piece per style, of another tune for every seed.

    About 1 s of one core per minute of music; memory is that of the WAV and some 100 MB.
    """

    name = "offline"
    version = "1"

    def compose(self, request: MusicRequest) -> bytes:
        """WAV, 16-bit, 48 kHz, stereo, round(seconds * 48,000) frames; the end is silence.

        Raises ProviderRejected (field `seconds`) outside 4 to 1,200 s.
        """
        if not SHORTEST <= request.seconds <= LONGEST:
            raise ProviderRejected(
                f"music is made from {SHORTEST:.0f} to {LONGEST:.0f} seconds long", field="seconds"
            )
        return render(compose(request.style, request.seconds, request.seed))
