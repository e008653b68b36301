"""What people are told when a step has failed."""

from __future__ import annotations

import json

import pytest

from reelstep.pipelines.generation.finish import explain
from reelstep.platform import errors


def lambda_cause(name: str, message: str) -> str:
    return json.dumps({"errorType": name, "errorMessage": message, "stackTrace": ["secret.py"]})


def test_our_errors_keep_their_name_and_words() -> None:
    cause = lambda_cause("ScriptTooLong", "scene 2 is too long")
    error = explain({"error": "ScriptTooLong", "cause": cause, "phase": "COMPOSITING"}, "en")
    assert error.model_dump() == {
        "code": "SCRIPT_TOO_LONG",
        "message": "scene 2 is too long",
        "stage": "COMPOSITING",
    }


@pytest.mark.parametrize("name", ["KeyError", "Runtime.ExitError", "", "object", "__doc__"])
def test_other_errors_tell_nothing_of_the_inside(name: str) -> None:
    cause = lambda_cause(name, "/var/task/secret.py line 3: password=hunter2")
    error = explain({"error": name, "cause": cause, "phase": "RENDERING"}, "en")
    assert error.code == "INTERNAL_ERROR"
    assert "hunter2" not in error.message
    assert error.stage == "RENDERING"


def test_a_timeout_is_named() -> None:
    assert explain({"error": "States.Timeout", "phase": "RENDERING"}, "en").code == "TIMED_OUT"


def test_french_people_are_told_in_french() -> None:
    error = explain({"error": "States.Timeout", "phase": "RENDERING"}, "fr")
    assert "réessayer" in error.message


def test_every_error_class_makes_a_code() -> None:
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.ReelstepError):
            code = explain({"error": name, "cause": "x", "phase": "p"}, "en").code
            assert code.isupper()
            assert code.replace("_", "").lower() == name.lower()
