"""`quote`, `cancel`, `retry`, and how refusals about tokens, plans, words and rates read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reelstep.cli.api import Api
from reelstep.cli.connection import Connection
from reelstep.cli.errors import ApiProblem
from reelstep.client import Deployment, Token, Wait
from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import (
    LINE_DROPPED,
    MOVIE,
    FakeCloud,
    failing_events,
    happy_events,
    numbered,
)
from tests.unit.cli.fake_people import problem


def second_attempt(video_id: str) -> list[dict[str, Any]]:
    """Queued and started again, then from the phase that failed to the end."""
    late = ("RENDERING", "ENCODING", "FINALIZATION")
    return [each for each in happy_events(video_id) if "stage" not in each or each["stage"] in late]


# -- quote -----------------------------------------------------------------------------------------


def test_a_quote_tells_price_balance_wait_and_cost(cloud: FakeCloud, run: Run) -> None:
    result = run("quote", "A fox", "--duration", "20")

    assert result.exit_code == 0, result.output
    said = flat(result.stdout)
    for part in ("100 tokens", "940 tokens ✓ enough", "about 15 min", "about $0.0012"):
        assert part in said
    assert cloud.films == {}


def test_a_quote_above_the_balance_ends_with_4_and_says_what_is_missing(
    cloud: FakeCloud, run: Run
) -> None:
    cloud.people.quote |= {"tokensCost": 3000, "sufficient": False}

    result = run("quote", "A fox")

    assert result.exit_code == 4
    assert "2,060 tokens too few" in result.stdout

    as_json = run("quote", "A fox", "--json")
    assert as_json.exit_code == 4
    assert json.loads(as_json.stdout) == cloud.people.quote


def test_quote_and_generate_ask_for_the_same_film(cloud: FakeCloud, run: Run) -> None:
    options = (
        *("A fox", "-d", "30", "-q", "hd", "-s", "anime", "-m", "calm", "-e", "a lamp"),
        *("--companion", "luna", "--companion", "max", "-l", "fr", "--aspect", "1:1"),
        *("--captions", "none", "--transition", "cut", "--voice", "male", "--preview"),
        *("--max-tokens", "900"),
    )

    assert run("quote", *options).exit_code == 0
    assert run("generate", *options, "--no-follow").exit_code == 0

    (asked,), (made,) = cloud.asked("POST", "/quote"), cloud.asked("POST", "/generate")
    assert asked[3] == made[3]
    assert made[3]["companionIds"] == ["luna", "max"]
    assert "companionId" not in made[3]
    assert "Idempotency-Key" not in asked[2]


@pytest.mark.parametrize("command", ["quote", "generate"])
def test_four_companions_are_refused_here(cloud: FakeCloud, run: Run, command: str) -> None:
    four = [part for name in "abcd" for part in ("--companion", name)]

    result = run(command, "A fox", *four)

    assert result.exit_code == 2
    assert "--companion" in result.stderr
    assert "4 of 3" in result.stderr
    assert cloud.requests == []


def test_a_prompt_to_be_quoted_can_come_from_stdin(cloud: FakeCloud, run: Run) -> None:
    run("quote", "-", input="A fox\n")

    assert cloud.asked("POST", "/quote")[0][3] == {"prompt": "A fox"}


# -- cancel ----------------------------------------------------------------------------------------


def test_cancelling_tells_what_came_back(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)

    result = run("cancel", film.id[:8])

    assert result.exit_code == 0, result.output
    assert f"Cancelled {film.id[:8]} · 60 tokens back" in result.stdout
    assert film.status == "CANCELLED"


def test_one_film_that_cannot_be_cancelled_does_not_keep_the_others(
    cloud: FakeCloud, run: Run
) -> None:
    films = [cloud.add("A fox", finished=False) for _ in range(3)]
    done = problem(409, "CONFLICT", "The current state does not allow this", "It is finished")
    cloud.plan("POST", f"{films[0].id}/cancel", 409, done)

    result = run("cancel", films[0].id, "no-such-film", films[1].id, films[2].id, films[2].id)

    assert result.exit_code == 2, "of the first that failed"
    assert [film.status for film in films] == ["QUEUED", "CANCELLED", "CANCELLED"]
    assert "It is finished" in result.stderr
    assert f"reelstep show {films[0].id[:8]}" in result.stderr
    assert "You have no film no-such-film" in result.stderr
    assert len(cloud.asked("POST", "/cancel")) == 3, "twice the same id is once"


def test_cancelling_in_json_is_one_document(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)

    result = run("cancel", film.id, "no-such-film", "--json")

    document = json.loads(result.stdout)
    assert result.exit_code == 5
    assert document["cancelled"][0]["videoId"] == film.id
    assert document["failed"][0]["id"] == "no-such-film"
    assert document["failed"][0]["error"]["exitCode"] == 5


@pytest.mark.parametrize("lost", [502, LINE_DROPPED])
def test_a_cancel_whose_answer_is_lost_is_not_sent_again(
    cloud: FakeCloud, run: Run, lost: int
) -> None:
    film = cloud.add("A fox", finished=False)
    cloud.plan("POST", "/cancel", lost, "bad gateway")

    assert run("cancel", film.id).exit_code == 3
    assert len(cloud.asked("POST", "/cancel")) == 1


def test_a_cancel_that_came_too_fast_is_sent_again(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)
    cloud.plan("POST", "/cancel", 429, problem(429, "RATE_LIMITED", "Slow", "…"), Retry_After="0")

    assert run("cancel", film.id).exit_code == 0


# -- retry -----------------------------------------------------------------------------------------


def test_a_failed_film_is_made_again_and_fetched(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")
    cloud.next_attempt = second_attempt(film.id)

    result = run("retry", film.id[:8])

    assert result.exit_code == 0, result.output
    assert Path("a-fox.mp4").read_bytes() == MOVIE
    for label in ("queued", "Rendering done", "Encoding done", "Finalization done"):
        assert label in result.stdout
    for told_before in ("Script done", "Rendering failed"):
        assert told_before not in result.stdout
    assert "100 tokens" in result.stdout
    ((_, _, headers, _),) = cloud.asked("POST", "/retry")
    assert len(headers["Idempotency-Key"]) == 36


def test_retry_without_following_prints_the_id_alone(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")

    result = run("retry", film.id, "--no-follow")

    assert result.stdout.split()[0] == film.id
    assert cloud.asked("GET", "/events") == []
    as_json = run("retry", film.id, "--no-follow", "--json")
    assert json.loads(as_json.stdout)["videoId"] == film.id


def test_a_film_that_did_not_fail_cannot_be_retried(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")
    body = problem(409, "CONFLICT", "The current state does not allow this", "It is finished")
    cloud.plan("POST", "/retry", 409, body)

    result = run("retry", film.id)

    assert result.exit_code == 2
    assert "It is finished" in result.stderr
    assert f"reelstep show {film.id[:8]}" in result.stderr
    assert list(Path().iterdir()) == []


def test_following_a_film_that_was_retried_does_not_end_with_its_first_failure(
    cloud: FakeCloud, run: Run
) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")
    first = len(film.events)
    film.events = numbered(film.id, [*film.events, *second_attempt(film.id)])
    film.out, film.step = 0, first  # the first reading ends exactly with job:failed

    result = run("follow", film.id)

    assert result.exit_code == 0, result.output
    told = result.stdout
    assert told.index("Rendering failed") < told.rindex("queued") < told.index("Rendering done")
    assert Path("a-fox.mp4").read_bytes() == MOVIE


def test_a_second_failure_is_an_end(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")
    cloud.next_attempt = failing_events(film.id)

    result = run("retry", film.id)

    assert result.exit_code == 1
    assert "The film failed in Rendering" in result.stderr
    assert f"reelstep retry {film.id[:8]}" in result.stderr


def test_the_next_attempt_keeps_what_is_done_and_its_own_times(cloud: FakeCloud) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")
    cloud.good_tokens.add("t")
    api = Api(Connection(Deployment(cloud.url), Token("t"), "REELSTEP_API_URL"))
    failed = api.progress(film.id)
    film.events = numbered(film.id, [*film.events, *second_attempt(film.id)])
    job = again = failed.again()

    for event in api.follow(film.id, after=again.seq):
        job = job.apply(event)

    assert failed.status == "FAILED"
    assert (again.status, again.percent, again.error_code) == ("QUEUED", failed.percent, "")
    assert [phase.percent for phase in again.phases[:3]] == [100, 100, 100]
    assert not any(phase.failed for phase in again.phases)
    assert (job.status, job.percent) == ("COMPLETED", 100)
    assert job.queued is not None
    assert failed.ended is not None
    assert job.queued > failed.ended
    assert job.phases[3].started == job.started, "not when the phase before it once ended"


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "more", "said"),
    [
        (
            402,
            "INSUFFICIENT_TOKENS",
            {"required": 9000, "balance": 12},
            ("needed 9,000 tokens", "you have 12", "missing 8,988", "reelstep account"),
        ),
        (
            403,
            "PLAN_LIMIT",
            {"limit": 60, "plan": "FREE", "field": "durationSeconds"},
            ("your plan FREE", "allows --duration up to 60 s"),
        ),
        (
            403,
            "PLAN_LIMIT",
            {"limit": "STANDARD", "plan": "FREE", "field": "quality"},
            ("your plan FREE", "allows --quality up to STANDARD"),
        ),
        (
            422,
            "CONTENT_REJECTED",
            {"category": "violence", "field": "prompt"},
            ("reason violence", "found in prompt", "Describe something else"),
        ),
    ],
)
def test_a_refusal_says_what_is_lacking(
    cloud: FakeCloud, run: Run, status: int, code: str, more: dict[str, Any], said: tuple[str, ...]
) -> None:
    cloud.plan("POST", "/generate", status, problem(status, code, "No", "The detail", **more))

    result = run("generate", "A fox", "--json")

    for part in ("The detail", *said):
        assert part in flat(result.stderr)
    document = json.loads(result.stdout)["error"]
    assert {name: document[name] for name in more} == more


def test_problem_members_of_the_wrong_kind_do_no_harm(cloud: FakeCloud, run: Run) -> None:
    odd = {"required": "many", "balance": None}
    cloud.plan("POST", "/generate", 402, problem(402, "INSUFFICIENT_TOKENS", "No", "Why", **odd))

    result = run("generate", "A fox")

    assert result.exit_code == 4
    assert "Why" in result.stderr


# -- busy ------------------------------------------------------------------------------------------


class Naps(list[float]):
    """Stands for time.sleep: notes the seconds and goes on at once."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def busy_api(cloud: FakeCloud) -> tuple[Api, Naps, list[Wait]]:
    cloud.good_tokens.add("t")
    naps, told = Naps(), list[Wait]()
    connection = Connection(Deployment(cloud.url), Token("t"), "REELSTEP_API_URL")
    return Api(connection, sleep=naps, on_wait=told.append), naps, told


@pytest.mark.parametrize(("status", "code"), [(429, "RATE_LIMITED"), (503, "QUEUE_FULL")])
def test_a_submission_waits_as_long_as_it_is_asked_and_is_the_same_one_after(
    cloud: FakeCloud, status: int, code: str
) -> None:
    api, naps, told = busy_api(cloud)
    for seconds in ("7", "30"):
        body = problem(status, code, "Not now", "…")
        cloud.plan("POST", "/generate", status, body, Retry_After=seconds)

    api.generate("A fox", idempotency_key="k-1")

    assert naps == [7, 30]
    assert [(wait.why, wait.seconds, wait.attempt) for wait in told] == [
        ("Not now", 7, 2),
        ("Not now", 30, 3),
    ]
    asked = cloud.asked("POST", "/generate")
    assert [headers["Idempotency-Key"] for _, _, headers, _ in asked] == ["k-1"] * 3
    assert {json.dumps(body) for _, _, _, body in asked} == {'{"prompt": "A fox"}'}
    assert len(cloud.films) == 1


@pytest.mark.parametrize("lost", [502, LINE_DROPPED])
def test_a_submission_whose_answer_is_lost_is_sent_again_under_its_key(
    cloud: FakeCloud, lost: int
) -> None:
    api, _naps, _told = busy_api(cloud)
    cloud.plan("POST", "/generate", lost, "bad gateway")

    api.generate("A fox", idempotency_key="k-1")

    keys = [headers["Idempotency-Key"] for _, _, headers, _ in cloud.asked("POST", "/generate")]
    assert keys == ["k-1", "k-1"]


def test_nobody_is_kept_waiting_for_ever(cloud: FakeCloud) -> None:
    api, naps, _told = busy_api(cloud)
    for _ in range(9):
        body = problem(503, "QUEUE_FULL", "The queue is full", "…")
        cloud.plan("POST", "/generate", 503, body, Retry_After="50")

    with pytest.raises(ApiProblem) as refused:
        api.generate("A fox", idempotency_key="k-1")

    assert naps == [50, 50]
    assert refused.value.hint == "Try again in 50 s."
    assert refused.value.document()["retryAfterSeconds"] == 50


def test_a_date_in_retry_after_is_not_taken_for_seconds(cloud: FakeCloud) -> None:
    api, naps, told = busy_api(cloud)
    date = "Sat, 21 Nov 2026 10:00:00 GMT"
    cloud.plan("GET", "/account", 429, problem(429, "RATE_LIMITED", "Slow", "…"), Retry_After=date)

    api.account()

    assert len(naps) == 1
    assert naps[0] < 1
    assert told == []


def test_the_user_is_told_of_a_pause_on_stderr(cloud: FakeCloud, run: Run) -> None:
    body = problem(429, "RATE_LIMITED", "Too many requests", "…")
    cloud.plan("POST", "/generate", 429, body, Retry_After="1")

    result = run("generate", "A fox", "--no-follow", "--json")

    assert result.exit_code == 0
    assert "Too many requests; trying again in 1.0 s (2 of 5)" in result.stderr
    assert json.loads(result.stdout)["status"] == "QUEUED"
