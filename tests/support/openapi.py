"""Answers against what the API documents of itself."""

from __future__ import annotations

from typing import Any

import jsonschema


def assert_matches(openapi: dict[str, Any], method: str, path: str, answer: Any) -> None:
    """The body is what the documentation says of this route and status."""
    responses = openapi["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in responses, (method, path, answer.status_code, answer.text)
    documented = responses[str(answer.status_code)]
    if answer.status_code == 204:
        assert answer.content == b""
        return
    kind = answer.headers["Content-Type"].split(";")[0]
    schema = documented["content"][kind]["schema"]
    validator = jsonschema.Draft202012Validator({**schema, "components": openapi["components"]})
    validator.validate(answer.json())
