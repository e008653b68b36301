"""Where the local cloud keeps its things, and where the project is that it deploys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

#: The checkout: app.py, infra/, functions/ and layers/ are deployed from there.
ROOT = Path(__file__).resolve().parents[3]
#: What `make setup` collects for the page (layers/fonts/collect.py).
STUDIO_FONTS = ROOT / ".build" / "studio-fonts"

HOME_VARIABLE = "REELSTEP_HOME"


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the local cloud: REELSTEP_HOME, else `.reelstep` in the checkout."""
    given = environment.get(HOME_VARIABLE, "")
    return Path(given).expanduser().resolve() if given else ROOT / ".reelstep"


class Home:
    """The files of one local cloud, as functions of its folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        #: What clients read (design §10).
        self.local_json = folder / "local.json"
        #: Held by the emulator for as long as it lives; holds its process id and port.
        self.running = folder / "emulator.lock"
        #: Held by one `up` or `down` at a time.
        self.changing = folder / "change.lock"
        #: Complete snapshots; `checkpoints/current` names the newest.
        self.checkpoints = folder / "checkpoints"
        #: What the emulator reads at its start; remade from the current checkpoint.
        self.state = folder / "state"
        #: Objects, written as they arrive.
        self.objects = folder / "objects"
        self.logs = folder / "logs"
        self.log = self.logs / "emulator.log"
        #: Scratch of functions; emptied at every start.
        self.tmp = folder / "tmp"
        self.old_tmp = folder / "tmp.old"
        #: The synthesised templates and assets.
        self.assembly = folder / "cdk.out"
        #: Tokens that the command line keeps, of the demo user and of the admin.
        self.session = folder / "session.json"
        self.admin_session = folder / "session-admin.json"

    def make(self) -> None:
        """Create the folders, readable by their owner only: passwords and prompts live here."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.checkpoints, self.state, self.objects, self.logs, self.tmp):
            folder.mkdir(exist_ok=True, mode=0o700)

    def forget(self) -> None:
        """Remove what a local cloud has put here, and nothing that it has not."""
        for folder in (
            self.checkpoints,
            self.state,
            self.objects,
            self.logs,
            self.tmp,
            self.old_tmp,
            self.assembly,
        ):
            shutil.rmtree(folder, ignore_errors=True)
        sessions = (self.session, self.admin_session)
        for file in (self.local_json, *sessions, self.running, self.changing):
            file.unlink(missing_ok=True)
