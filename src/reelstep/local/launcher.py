"""The emulator's process: `python -m reelstep.local.launcher <folder> <port>`.

Runs MiniStack's ASGI app under Hypercorn on the loopback address only, mends what
emulator_fixes.py lists, and saves a checkpoint every few seconds while something happens.
`emulator.start` is what calls this, with the environment that MiniStack reads at import.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reelstep.local import locks
from reelstep.local.checkpoint import Checkpoints, encode_as_ministack
from reelstep.local.deploy import STACK
from reelstep.local.emulator import CHECKPOINT_PATH, STATUS_PATH, code_version
from reelstep.local.machine import cores
from reelstep.local.paths import Home
from reelstep.local.studio_edge import App, Receive, Scope, Send, StudioEdge, emulated_domain

#: Seconds of work that a crash may lose, with room for the snapshot's own time.
CHECKPOINT_SECONDS = 15.0
_DAY = 86_400.0
#: Set by test sessions to their own process id: an emulator must not outlive a killed session.
STOP_WITH_VARIABLE = "REELSTEP_STOP_WITH"
#: Finished executions and log events are looked at for a while and then weigh on every checkpoint.
KEEP_EXECUTIONS_SECONDS = 7 * _DAY

logger = logging.getLogger("reelstep.local")


class Gateway:
    """MiniStack's app, a note of whether anything happened, and pages of our own before it.

    STATUS_PATH says whose emulator this is; a POST to CHECKPOINT_PATH saves now; the studio is
    what the stack's distribution serves (studio_edge.py).
    """

    def __init__(self, app: App, identity: dict[str, Any], save: Callable[[], bool]):
        self._app = app
        self._studio = StudioEdge(app, lambda: emulated_domain(STACK))
        self._identity = identity
        self._save = save
        self.touched = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == STATUS_PATH:
            await _answer(send, self._identity)
            return
        if scope["type"] == "http" and scope["path"] == CHECKPOINT_PATH:
            await _answer(send, {"saved": await asyncio.to_thread(self._save)})
            return
        if StudioEdge.takes(scope):
            await self._studio(scope, receive, send)
            return
        if scope["type"] != "lifespan":
            self.touched = True
        await self._app(scope, receive, send)


async def _answer(send: Send, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def serve(home: Home, port: int) -> None:
    """Serve until SIGTERM or SIGINT. The caller holds the lock of `home`."""
    checkpoints = Checkpoints(home.checkpoints)
    checkpoints.restore(home.state)
    # MiniStack reads its settings from the environment while it is imported.
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack import app as ministack
    from ministack.services import lambda_svc

    from reelstep.local import emulator_fixes

    emulator_fixes.apply(cores())

    def save() -> bool:
        return checkpoints.save(ministack._build_persistence_save_dict(), encode_as_ministack)

    identity = {"home": str(home.folder), "pid": os.getpid(), "version": code_version()}
    gateway = Gateway(ministack.app, identity, save)

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        config = Config()
        config.bind = [f"127.0.0.1:{port}"]
        config.keep_alive_timeout = 75
        config.graceful_timeout = 2
        config.errorlog = logging.getLogger("hypercorn.error")
        saving = asyncio.create_task(_keep_saving(gateway, save, lambda_svc.executions_in_flight))
        watching = asyncio.create_task(_stop_with(os.environ.get(STOP_WITH_VARIABLE, ""), stop))
        await hypercorn_serve(gateway, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]
        saving.cancel()
        watching.cancel()

    ministack._load_persisted_state = _loading_once(ministack, ministack._load_persisted_state)
    try:
        asyncio.run(main())
    finally:
        save()
        _end_group()
        logger.info("stopped; the state is saved")


def _loading_once(ministack: Any, load: Callable[[], None]) -> Callable[[], None]:
    def load_and_take_over() -> None:
        load()
        _forget_old_work()
        # From here on the checkpoints are the state; MiniStack's own writing at shutdown goes
        # file by file and could be cut in the middle.
        ministack.PERSIST_STATE = False

    return load_and_take_over


async def _keep_saving(
    gateway: Gateway, save: Callable[[], bool], in_flight: Callable[[], tuple[int, Any]]
) -> None:
    seconds = float(os.environ.get("REELSTEP_CHECKPOINT_SECONDS", CHECKPOINT_SECONDS))
    while True:
        await asyncio.sleep(seconds)
        if not gateway.touched and not in_flight()[0]:
            continue
        gateway.touched = False
        try:
            await asyncio.to_thread(save)
        except Exception:
            gateway.touched = True
            logger.exception("the checkpoint failed; the one before stays")


async def _stop_with(pid: str, stop: asyncio.Event) -> None:
    """Set `stop` when the process `pid` has gone; an empty `pid` is never gone."""
    while pid:
        await asyncio.sleep(1.0)
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            stop.set()
            return


def _end_group() -> None:
    """End the functions and what they have started: an ffmpeg outlives its worker.

    Their scratch is left to the next start, which has something better to do than to wait for it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)


def _forget_old_work() -> None:
    """Drop log events past their group's retention, and executions that ended long ago."""
    from datetime import datetime

    from ministack.services import cloudwatch_logs, stepfunctions

    now = time.time()
    for _scope, group in cloudwatch_logs._log_groups.all_items():
        oldest = (now - _DAY * (group.get("retentionInDays") or 30)) * 1000
        for stream in group.get("streams", {}).values():
            events = stream.get("events", [])
            events[:] = [event for event in events if event.get("timestamp", now) >= oldest]
    executions = stepfunctions._executions
    for scope, execution in list(executions.all_items()):
        ended = execution.get("stopDate")
        if ended:
            age = now - datetime.fromisoformat(str(ended).replace("Z", "+00:00")).timestamp()
            if age > KEEP_EXECUTIONS_SECONDS:
                executions._data.pop(scope, None)


def _empty_scratch(home: Home) -> None:
    """Move it out of the way now, remove it beside the start."""
    home.old_tmp.mkdir(exist_ok=True, mode=0o700)
    home.tmp.rename(home.old_tmp / str(time.time_ns()))
    home.tmp.mkdir(mode=0o700)
    removing = threading.Thread(
        target=shutil.rmtree, args=(home.old_tmp,), kwargs={"ignore_errors": True}, daemon=True
    )
    removing.start()


def main() -> int:
    """Entry of the process. Returns 3 when another emulator has the folder."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    home = Home(folder)
    home.make()
    if os.getpgrp() != os.getpid():  # run by hand: the group that ends with us must be our own
        os.setpgrp()
    lock = locks.hold(home.running, json.dumps({"pid": os.getpid(), "port": port}))
    if lock is None:
        return 3
    _empty_scratch(home)
    with lock:
        serve(home, port)
    # Worker threads of the emulator may still wait for something; nothing is left to wait for.
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
