"""The uploads bucket: who reaches it, and what is made of what arrives there."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.infra.conftest import Synthesis


def resources_of(synthesis: Synthesis, bucket: str, action: str = "s3:") -> dict[str, str]:
    """Role → the resources of its statements that name this bucket and such an action."""
    found: dict[str, str] = {}
    for name, policy in synthesis.of_type("AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            text = json.dumps(statement["Resource"])
            if f"Storage{bucket}" in text and action in json.dumps(statement["Action"]):
                role = name.split("Role")[0]
                found[role] = found.get(role, "") + text
    return found


def test_only_the_api_reaches_uploads_and_it_writes_no_result_but_avatars(
    local: Synthesis,
) -> None:
    assert set(resources_of(local, "Uploads")) == {"FunctionsApi"}
    written = resources_of(local, "Artifacts", "s3:PutObject")["FunctionsApi"]
    assert re.findall(r"[^\"]*/\*", written) == ["/avatar/*"]
    # With any action at all: what it writes, and what it shows (tests/infra/test_previews.py).
    reached = re.findall(r"[^\"]*/\*", resources_of(local, "Artifacts")["FunctionsApi"])
    assert sorted(reached) == ["/avatar/*", "/chunk/*", "/preview/*", "/scenario/*"]


def test_browsers_may_put_files_into_uploads_and_read_results_and_nothing_else(
    local: Synthesis,
) -> None:
    open_to_browsers: dict[str, Any] = {
        name: bucket["CorsConfiguration"]["CorsRules"]
        for name, bucket in local.of_type("AWS::S3::Bucket").items()
        if "CorsConfiguration" in bucket
    }
    methods = {
        name.removeprefix("Storage")[:5]: [rule["AllowedMethods"] for rule in rules]
        for name, rules in open_to_browsers.items()
    }
    assert methods == {"Uploa": [["PUT"]], "Artif": [["GET"]], "Media": [["GET"]]}
