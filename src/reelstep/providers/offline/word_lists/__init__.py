"""Moderation without a service: lists of words per language, and what people do to hide them."""

from reelstep.providers.offline.word_lists.moderator import WordLists

__all__ = ["WordLists"]
