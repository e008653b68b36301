"""docs/clients-javascript.md, run by Node against the local cloud: its blocks are one module."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from reelstep.events.signature import sign
from tests.support import films
from tests.support.live_jobs import live_job
from tests.support.local_cloud import PASSWORD, LocalCloud, User

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clients-javascript.md"
NODE = Path(sys.executable).parent / "node"

#: Before each program: who runs it, and `say` for what the test wants to know.
_BEGIN = """
import * as reelstep from "./reelstep.mjs";
const given = JSON.parse(process.env.GIVEN);
const say = (value) => console.log(JSON.stringify(value));
const config = await reelstep.deployment(given.studio);
const signIn = new reelstep.SignIn(config);
await signIn.withPassword(given.email, given.password);
"""


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user("plan-vip-plus")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module that the page is."""
    found = tmp_path_factory.mktemp("javascript")
    blocks = re.findall(r"```js\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 7
    (found / "reelstep.mjs").write_text("\n".join(blocks), encoding="utf-8")
    return found


class Program:
    """A running program: what it says, line by line."""

    def __init__(self, folder: Path, user: User, body: str, before: str, **given: Any):
        path = folder / f"{uuid.uuid4().hex}.mjs"
        path.write_text(before + _BEGIN + body, encoding="utf-8")
        signed_in = {"email": user.email, "password": PASSWORD}
        self.process = subprocess.Popen(
            [str(NODE), "--experimental-eventsource", "--no-warnings", str(path)],
            env={"GIVEN": json.dumps({**signed_in, **given})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def line(self) -> Any:
        """The next thing that it says."""
        assert self.process.stdout
        text = self.process.stdout.readline()
        assert text, self.process.communicate()[1]
        return json.loads(text)

    def rest(self) -> list[Any]:
        """All that it still says, once it has ended without an error."""
        out, problems = self.process.communicate(timeout=300)
        assert self.process.returncode == 0, problems
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def run(cloud: LocalCloud, folder: Path, user: User) -> Iterator[Any]:
    started: list[Program] = []

    def start(body: str, *, before: str = "", **given: Any) -> Program:
        started.append(
            Program(folder, user, body, before, studio=cloud.description.studio_url, **given)
        )
        return started[-1]

    yield start
    for program in started:
        # The environment's node is a program that starts another one: both have to end.
        with suppress(ProcessLookupError):
            os.killpg(program.process.pid, signal.SIGKILL)
        program.process.communicate()


def test_the_same_order_twice_is_one_film(cloud: LocalCloud, user: User, run: Any) -> None:
    key = str(uuid.uuid4())
    first, second = run(
        """
        const wish = { prompt: "A cat on a hill", durationSeconds: 10, preview: true };
        for (let times = 0; times < 2; times += 1) {
          const made = await reelstep.makeFilm(config, signIn, wish, given.key);
          say(made);
          if (times) await reelstep.ask(config, signIn, "DELETE", `/api/v1/videos/${made.videoId}`);
        }
        """,
        key=key,
    ).rest()
    assert first == second
    answer = cloud.http("GET", f"{films.VIDEOS}/{first['videoId']}", token=user.token)
    assert answer.status_code == 404  # the program has deleted it again


def test_a_refusal_names_what_is_wrong(run: Any) -> None:
    (problem,) = run(
        """
        await reelstep.makeFilm(config, signIn, { prompt: "" }).catch(say);
        """
    ).rest()
    assert (problem["status"], problem["code"]) == (422, "VALIDATION_FAILED")
    assert [error["field"] for error in problem["errors"]] == ["prompt"]


def test_a_token_is_refreshed_before_it_ends(run: Any) -> None:
    first, second = run(
        """
        say(await signIn.token());
        const now = Date.now();
        Date.now = () => now + 3_590_000;
        say(await signIn.token());
        """
    ).rest()
    assert first.count(".") == second.count(".") == 2
    assert first != second


#: Every connection but the last is lost after its third message.
_BAD_LINE = """
const Real = WebSocket;
let lines = 0;
globalThis.WebSocket = class extends Real {
  constructor(url) {
    super(url);
    lines += 1;
    if (lines > 3) return;
    let heard = 0;
    this.addEventListener("message", () => (heard += 1) === 3 && this.close());
  }
};
globalThis.linesSoFar = () => lines;
"""


def test_following_over_lost_connections_misses_nothing(
    cloud: LocalCloud, user: User, run: Any
) -> None:
    with live_job(cloud, user, 5) as job:
        program = run(
            """
            for await (const event of reelstep.follow(config, signIn, given.job)) say(event);
            say(linesSoFar());
            """,
            before=_BAD_LINE,
            job=job.id,
        )
        heard = [program.line() for _ in range(5)]
        job.write(4)
        heard += [program.line() for _ in range(4)]
        job.end()
        last, lines = program.rest()
    assert [event["seq"] for event in [*heard, last]] == [*range(1, 11)]
    assert last["event"] == "job:cancelled"
    assert lines > 3


def test_following_what_is_not_ones_own_is_refused(run: Any) -> None:
    (problem,) = run(
        """
        const events = reelstep.follow(config, signIn, "somebody-elses");
        await events.next().catch(say);
        """
    ).rest()
    assert problem["code"] == "NOT_FOUND"


def test_following_by_event_source(cloud: LocalCloud, user: User, run: Any) -> None:
    with live_job(cloud, user, 3) as job:
        program = run(
            "await reelstep.followByEventSource(config, signIn, given.job, say);", job=job.id
        )
        heard = [program.line() for _ in range(3)]
        job.write(2)
        heard += [program.line() for _ in range(2)]
        job.end()
        heard += program.rest()
        again = run(
            "await reelstep.followByEventSource(config, signIn, given.job, say, 6); say('over');",
            job=job.id,
        ).rest()
    assert [event["seq"] for event in heard] == [*range(1, 7)]
    assert again == ["over"]  # all was told already


def test_an_event_source_for_nobodys_job_ends_with_the_reason(run: Any) -> None:
    (problem,) = run(
        """
        await reelstep.followByEventSource(config, signIn, "nobodys", say).catch(say);
        """
    ).rest()
    assert problem["code"] == "NOT_FOUND"


def test_from_a_sentence_to_a_film(run: Any) -> None:
    *progress, film = run(
        """
        const tell = (percent) => say(percent);
        const url = await reelstep.film(config, signIn, "A cat on a hill", tell);
        const head = new Uint8Array(await (await fetch(url)).arrayBuffer()).subarray(4, 8);
        say(new TextDecoder().decode(head));
        """
    ).rest()
    assert film == "ftyp"
    assert progress == sorted(progress)
    assert len(progress) > 5


def test_a_call_is_known_by_its_signature(folder: Path) -> None:
    now, body = int(time.time()), '{"event":"job:completed","é":"日本"}'
    header = sign(["new", "old"], body.encode(), now)
    cases = [
        ("new", header, body, True),
        ("old", header, body, True),
        ("other", header, body, False),
        ("new", header, body + " ", False),
        ("new", header.replace(f"t={now}", f"t={now - 1}"), body, False),
        ("new", sign(["new"], body.encode(), now - 400), body, False),
        ("new", f"t={now}", body, False),
        ("new", f"t={now},t={now},v1=00", body, False),
        ("new", f"t={now},v1=zz,v1=", body, False),
    ]
    (folder / "check.mjs").write_text(
        'import { isFromReelstep } from "./reelstep.mjs";\n'
        "for (const [secret, header, body] of JSON.parse(process.argv[2])) {\n"
        "  console.log(await isFromReelstep(secret, header, new TextEncoder().encode(body)));\n"
        "}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [str(NODE), str(folder / "check.mjs"), json.dumps([case[:3] for case in cases])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line == "true" for line in done.stdout.split()] == [case[3] for case in cases]
