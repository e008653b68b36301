"""The addresses of event streams. The API's function describes them with the same code."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.describe import UNKNOWN, signed_in
from functions.api.problems import no_such_address
from reelstep.events import log, sse
from reelstep.pipelines.streams import streams_of
from reelstep.platform.errors import ValidationFailed
from reelstep.platform.settings import Settings

_TAG = "live"
_MISTAKE = {
    "en": "must be the id of an event: a whole number from 0 to 99999999",
    "fr": "doit être l'identifiant d'un événement : un nombre entier de 0 à 99999999",
}

#: One event of an answer (OpenAPI has no word for a sequence of them before 3.2).
_EVENT = {
    "type": "object",
    "description": "One of any number of events",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]{1,8}$"},
        "event": {"type": "string", "enum": list(log.NAMES)},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "the object that the WebSocket sends",
        },
    },
}

_Id = Annotated[str, Path(min_length=1, max_length=64)]
_LastHeader = Annotated[
    str | None,
    Header(alias=sse.HEADER, description="id of the last event you have; EventSource sends it"),
]
_LastQuery = Annotated[
    str | None,
    Query(alias=sse.PARAMETER, description="the same for the first connect; the header wins"),
]
_Token = Annotated[
    str | None,
    Query(alias="token", description="the ID token, where no Authorization header can be sent"),
]


def make() -> APIGatewayHttpRouter:
    """A router of its own for each application: a router knows one."""
    router = APIGatewayHttpRouter()

    @router.get(
        "/api/v1/jobs/<job_id>/stream", summary="Events of a job as they happen", **_route()
    )
    def job_stream(
        job_id: _Id, _header: _LastHeader = None, _query: _LastQuery = None, _token: _Token = None
    ) -> Response[str]:
        return _answer(router, job_id)

    @router.get(
        "/api/workflow/<workflow_id>/stream", summary="The same, by its old name", **_route()
    )
    def workflow_stream(
        workflow_id: _Id,
        _header: _LastHeader = None,
        _query: _LastQuery = None,
        _token: _Token = None,
    ) -> Response[str]:
        return _answer(router, workflow_id)

    return router


def _route() -> dict[str, Any]:
    described = signed_in(_TAG, UNKNOWN, answers=None)
    described["responses"][200] = {
        "description": "All that is new, or nothing after a while; connect again after `retry`",
        "content": {sse.CONTENT_TYPE: {"schema": _EVENT}},
    }
    described["responses"][204] = {"description": "The job has ended and you have all of it"}
    return described


def _answer(router: APIGatewayHttpRouter, job_id: str) -> Response[str]:
    user_id = router.context.get("user_id")
    if user_id is None:  # the API's function describes this and does not do it
        raise no_such_address()
    seq = _last_seq(router)
    text = streams_of(Settings.load(), user_id).after(job_id, seq)
    if text is None:
        return Response(204, body="")
    return Response(200, content_type=sse.CONTENT_TYPE, body=text)


def _last_seq(router: APIGatewayHttpRouter) -> int:
    """Raises ValidationFailed naming the header or the parameter."""
    event = router.current_event
    header = event.headers.get(sse.HEADER)
    field, given = (
        (sse.HEADER, header)
        if header
        else (sse.PARAMETER, event.query_string_parameters.get(sse.PARAMETER))
    )
    seq = sse.last_seq(given)
    if seq is None:
        raise ValidationFailed([(field, _MISTAKE[router.context["locale"]])])
    return seq
