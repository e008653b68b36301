"""What the API may read of results: what it shows, and no other step's."""

from __future__ import annotations

import json

from tests.infra.conftest import Synthesis


def test_the_api_reads_of_results_only_what_it_shows(stage: Synthesis) -> None:
    """Chunks and small pictures, through signed URLs, and scripts."""
    (policy,) = (
        policy["PolicyDocument"]["Statement"]
        for name, policy in stage.of_type("AWS::IAM::Policy").items()
        if name.startswith("FunctionsApiRole")
    )
    readers = [
        json.dumps(statement["Resource"])
        for statement in policy
        if "s3:GetObject" in statement["Action"]
    ]
    of_results = [text for text in readers if "StorageArtifacts" in text]
    shown = ("/chunk/*", "/preview/*", "/scenario/*")
    assert [sum(objects in text for text in of_results) for objects in shown] == [1, 1, 1]
    assert len(of_results) == len(shown)
