"""Captions: cues from word timings, burned text for libass, and sidecar files. All pure."""

from reelstep.media.captions.ass import burn_filter, to_ass
from reelstep.media.captions.cues import cues_for, line_cells_for
from reelstep.media.captions.sidecars import to_srt, to_vtt

__all__ = ["burn_filter", "cues_for", "line_cells_for", "to_ass", "to_srt", "to_vtt"]
