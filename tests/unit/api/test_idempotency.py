"""The same key and body get the first answer again; nothing runs twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.shared import user_agent
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from botocore.exceptions import ClientError

from functions.api import problems
from functions.api.caller import App
from functions.api.idempotency import KeyHeader, idempotency_key, once
from reelstep.pipelines.generation.views import View
from reelstep.platform import aws, dynamo
from reelstep.platform.errors import Conflict, InsufficientTokens, Retryable, ValidationFailed
from tests.support.http_api import Context, event
from tests.support.table import TABLE

PATH = "/api/v1/videos/generate"
BODY = {"prompt": "A garden", "durationSeconds": 10}


class Made(View):
    video_id: str
    tokens_cost: int


@dataclass
class Request:
    """One invocation of the API, as `once` sees it: each on its own, also in threads."""

    current_event: APIGatewayProxyEventV2
    lambda_context: Context
    context: dict[str, Any]


@dataclass
class Maker:
    """Makes something, and knows how often it did."""

    table: Any
    runs: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self) -> Made:
        with self.lock:
            self.runs += 1
            return Made(video_id=f"film-{self.runs}", tokens_cost=50)

    def rows(self) -> list[dict[str, Any]]:
        found = self.table.scan(TableName=TABLE)["Items"]
        return [dynamo.unmarshal(item) for item in found]


@pytest.fixture
def maker(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Maker:
    client = cloud.jobs.client  # its calls run one at a time
    monkeypatch.setattr(aws, "dynamodb", lambda: client)
    return Maker(client)


def request(
    key: str | None = "key-1",
    body: Any = BODY,
    *,
    path: str = PATH,
    user: str = "ada",
    remaining: int = 29_000,
    locale: str = "en",
) -> Any:
    headers = {"idempotency-key": key} if key is not None else {}
    sent = event("POST", path, body, user=user, headers=headers)
    return Request(
        APIGatewayProxyEventV2(sent),
        Context(remaining=remaining),
        {"locale": locale, "headers": {}},
    )


def ask(sent: Any, function: Callable[[], Made]) -> Made:
    return once(cast(App, sent), Made, function)


def test_without_a_key_everything_runs_and_nothing_is_kept(maker: Maker) -> None:
    assert [ask(request(None), maker.make).video_id for _ in range(2)] == ["film-1", "film-2"]
    assert maker.rows() == []


def test_the_first_answer_comes_again_and_says_so(maker: Maker) -> None:
    first, second = request(), request()
    assert (
        ask(first, maker.make) == ask(second, maker.make) == Made(video_id="film-1", tokens_cost=50)
    )
    assert maker.runs == 1
    assert first.context["headers"] == {}
    assert second.context["headers"] == {"Idempotency-Replayed": "true"}


def test_the_row_is_the_users_and_lives_a_day(maker: Maker) -> None:
    ask(request(), maker.make)
    (row,) = maker.rows()
    assert row["pk"] == "IDEMPOTENCY#ada"
    assert "key-1" not in row["sk"]
    assert 86_390 < row["expires_at"] - time.time() <= 86_400
    assert "status" not in row


def test_another_body_is_a_conflict(maker: Maker) -> None:
    ask(request(), maker.make)
    with pytest.raises(Conflict, match="Idempotency-Key was used with another body") as refused:
        ask(request(body=BODY | {"durationSeconds": 11}), maker.make)
    assert "autre contenu" in refused.value.text("fr")
    assert maker.runs == 1


def test_another_body_is_a_conflict_also_while_the_first_runs(maker: Maker) -> None:
    def meanwhile() -> Made:
        with pytest.raises(Conflict):
            ask(request(body={"prompt": "Another"}), maker.make)
        return maker.make()

    ask(request(), meanwhile)
    assert maker.runs == 1


def test_the_same_json_written_otherwise_is_the_same_body(maker: Maker) -> None:
    ask(request(), maker.make)
    ask(request(body='{ "durationSeconds":10,\n"prompt":"A\\u0020garden"}'), maker.make)
    assert maker.runs == 1


@pytest.mark.parametrize("body", [None, "", {}])
def test_a_route_without_a_body_has_keys_too(maker: Maker, body: Any) -> None:
    assert ask(request(body=body), maker.make) == ask(request(body=body), maker.make)
    assert maker.runs == 1


@pytest.mark.parametrize(
    "other",
    [
        {"user": "bob"},
        {"key": "key-2"},
        {"path": "/api/v1/videos/a/retry"},
        {"path": "/api/v1/videos/b/retry"},
    ],
)
def test_keys_are_of_one_user_and_one_address(maker: Maker, other: dict[str, Any]) -> None:
    ask(request(), maker.make)
    assert ask(request(**other), maker.make).video_id == "film-2"
    assert ask(request(), maker.make).video_id == "film-1"


def test_a_duplicate_waits_for_the_first_and_gets_its_answer(maker: Maker) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Made:
        begun.set()
        assert go_on.wait(30)
        return maker.make()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, request(), slow)
        assert begun.wait(30)
        late = request()
        second = pool.submit(ask, late, maker.make)
        # It has met the first's row by the time it has been refused once.
        time.sleep(0.3)
        assert not second.done()
        go_on.set()
        assert first.result(30) == second.result(30) == Made(video_id="film-1", tokens_cost=50)
    assert maker.runs == 1
    assert late.context["headers"] == {"Idempotency-Replayed": "true"}


def test_many_at_once_run_once(maker: Maker) -> None:
    with ThreadPoolExecutor(25) as pool:
        answers = set(pool.map(lambda _: ask(request(), maker.make).video_id, range(25)))
    assert (answers, maker.runs) == ({"film-1"}, 1)


def test_a_duplicate_whose_time_is_up_is_told_to_come_back(maker: Maker) -> None:
    late = request(remaining=2_100)

    def meanwhile() -> Made:
        with pytest.raises(Retryable, match="still running"):
            ask(late, maker.make)
        return maker.make()

    ask(request(), meanwhile)
    assert late.context["headers"] == {"Retry-After": "1"}
    assert maker.runs == 1


def test_an_attempt_that_died_runs_again_when_its_time_is_over(maker: Maker) -> None:
    class Killed(BaseException):
        pass

    def dies() -> Made:
        raise Killed

    with pytest.raises(Killed):
        ask(request(remaining=300), dies)
    assert ask(request(), maker.make).video_id == "film-1"
    assert ask(request(), maker.make).video_id == "film-1"
    assert maker.runs == 1


def test_an_error_is_not_kept(maker: Maker) -> None:
    """Refused for want of tokens, topped up, sent again with the same key."""

    def poor() -> Made:
        raise InsufficientTokens(50, 0)

    for _ in range(2):
        with pytest.raises(InsufficientTokens):
            ask(request(), poor)
    assert maker.rows() == []
    assert ask(request(), maker.make).video_id == "film-1"


def test_after_a_day_the_key_is_new(maker: Maker) -> None:
    """Also before DynamoDB has removed the row, which may take days."""
    ask(request(), maker.make)
    (row,) = maker.rows()
    maker.table.update_item(
        TableName=TABLE,
        Key=dynamo.marshal({"pk": row["pk"], "sk": row["sk"]}),
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues=dynamo.marshal({":past": int(time.time()) - 2}),
    )
    assert ask(request(body={"prompt": "Another"}), maker.make).video_id == "film-2"


@pytest.mark.parametrize(
    "key", ["", " ", "two words", "clé", "a\tb", "a\nb", "x" * 256, "\x7f", "a\n"]
)
def test_a_key_of_the_wrong_form_names_the_header(maker: Maker, key: str) -> None:
    for locale, text in (("en", "must be 1 to 255"), ("fr", "doit compter 1 à 255")):
        with pytest.raises(ValidationFailed) as refused:
            ask(request(key, locale=locale), maker.make)
        ((name, message),) = refused.value.errors
        assert name == "Idempotency-Key"
        assert message.startswith(text)
    assert maker.runs == 0


@pytest.mark.parametrize("key", ["a", "x" * 255, "!#$%&'*+-.^_`|~", '"quoted"'])
def test_every_key_of_the_right_form_is_taken(maker: Maker, key: str) -> None:
    assert idempotency_key(cast(App, request(key))) == key
    ask(request(key), maker.make)
    ask(request(key), maker.make)
    assert maker.runs == 1


# -- when the table fails ------------------------------------------------------------------------


class Failing:
    """A client of which one call does not work."""

    def __init__(self, client: Any, call: str) -> None:
        self._client, self._call = client, call

    def __getattr__(self, name: str) -> Any:
        if name == self._call:
            return self._fail
        return getattr(self._client, name)

    @staticmethod
    def _fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "Any")


@pytest.fixture
def failing(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def fail(call: str) -> None:
        client = Failing(maker.table, call)
        monkeypatch.setattr(aws, "dynamodb", lambda: client)

    return fail


def test_without_a_record_nothing_is_begun(maker: Maker, failing: Callable[[str], None]) -> None:
    failing("put_item")
    sent = request()
    with pytest.raises(Retryable, match="try again with the same key"):
        ask(sent, maker.make)
    assert maker.runs == 0
    assert sent.context["headers"] == {"Retry-After": "1"}


def test_what_was_done_is_answered_though_it_could_not_be_kept(
    maker: Maker, failing: Callable[[str], None]
) -> None:
    failing("update_item")
    assert ask(request(), maker.make).video_id == "film-1"


def test_the_error_of_the_route_is_told_though_its_record_stays(
    maker: Maker, failing: Callable[[str], None]
) -> None:
    failing("delete_item")

    def poor() -> Made:
        raise InsufficientTokens(50, 0)

    with pytest.raises(InsufficientTokens):
        ask(request(), poor)


def test_a_process_hooks_into_its_client_once(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Powertools adds a hook to the client with each persistence layer, and never removes it."""
    hooks: list[Any] = []
    monkeypatch.setattr(user_agent, "register_feature_to_client", lambda **it: hooks.append(it))
    for number in range(4):
        ask(request(f"key-{number}", user=f"user-{number}"), maker.make)
    assert len(hooks) == 1


# -- in a route ----------------------------------------------------------------------------------


@pytest.fixture
def app(maker: Maker) -> APIGatewayHttpResolver:
    """An API with one route, wired as ours."""
    made = APIGatewayHttpResolver(enable_validation=True, serializer=problems.to_json)
    problems.register(made)

    @made.post("/films", status_code=201)
    def films(key: KeyHeader = None) -> Made:
        return once(made, Made, maker.make)

    return made


def send(app: APIGatewayHttpResolver, key: str | None) -> tuple[int, dict[str, Any], Any]:
    headers: dict[str, str] = {}
    app.append_context(trace_id="t", locale="en", headers=headers)
    sent = event("POST", "/films", {}, headers={"idempotency-key": key} if key else {})
    answer = app.resolve(sent, Context())  # type: ignore[arg-type]
    return answer["statusCode"], headers, json.loads(answer["body"])


def test_a_replayed_answer_looks_like_the_first(app: APIGatewayHttpResolver) -> None:
    first, second = send(app, "k"), send(app, "k")
    assert first == (201, {}, {"videoId": "film-1", "tokensCost": 50})
    assert second == (201, {"Idempotency-Replayed": "true"}, first[2])


def test_a_bad_key_is_a_problem_that_names_it(app: APIGatewayHttpResolver) -> None:
    status, _, body = send(app, "two words")
    assert (status, body["code"]) == (422, "VALIDATION_FAILED")
    assert [error["field"] for error in body["errors"]] == ["Idempotency-Key"]


def test_the_header_is_documented(app: APIGatewayHttpResolver) -> None:
    schema = json.loads(app.get_openapi_json_schema())
    (parameter,) = schema["paths"]["/films"]["post"]["parameters"]
    assert (parameter["name"].lower(), parameter["in"]) == ("idempotency-key", "header")
    assert not parameter.get("required")
