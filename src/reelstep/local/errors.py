"""What can go wrong between a user and the local cloud. Each says what to do."""

from __future__ import annotations

from reelstep.platform.errors import Permanent


class LocalCloudError(Permanent):
    """Root of these. `hint` is what the user can do about it."""

    title = "The local cloud has a problem"

    def __init__(self, message: str, *, hint: str = "", detail: str | None = None):
        super().__init__(message, detail=detail)
        self.hint = hint


class PortTaken(LocalCloudError):
    """Another program listens where the local cloud would."""


class AlreadyRunning(LocalCloudError):
    """The local cloud of this folder runs, but not as asked for."""


class EmulatorFailed(LocalCloudError):
    """The emulator did not start, or went away; `detail` has the end of its log."""


class SynthesisFailed(LocalCloudError):
    """`python app.py` failed; `detail` has what it said."""


class DeployFailed(LocalCloudError):
    """CloudFormation refused the stack; `detail` has its reasons, one per line."""


class NotRunning(LocalCloudError):
    """There is nothing to talk to."""
