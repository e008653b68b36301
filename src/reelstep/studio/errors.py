"""What can go wrong before anything is published."""

from __future__ import annotations

from reelstep.platform.errors import Permanent


class NothingToPublish(Permanent):
    """Something that belongs to the page is not there; the message says what."""

    title = "The studio cannot be published"


class UnknownKindOfFile(Permanent):
    """A file that browsers would get without a Content-Type. `field` is its name."""

    title = "The studio cannot be published"
