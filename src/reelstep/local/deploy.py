"""Synthesise the app, upload its assets and bring the stack to what the template says.

The same assembly that `cdk deploy` sends to AWS, through the same CloudFormation calls; only the
CDK's own command is replaced, since the emulator enforces IAM on it before its bootstrap exists.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.local.errors import DeployFailed, SynthesisFailed
from reelstep.local.paths import ROOT, Home

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

STAGE = "local"
STACK = f"Reelstep-{STAGE}"
REGION = "us-east-1"
ACCOUNT = "000000000000"
#: What the CDK's bootstrap stack would have made.
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"
WAIT_SECONDS = 300.0
#: What the template and its assets are made of.
SOURCES = ("app.py", "cdk.json", "infra", "statemachine", "functions", "src/reelstep", "layers")
_NOT_SOURCES = frozenset({"node_modules", "__pycache__", "cli", "client", "local", "studio"})
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_TO_BE_REPLACED = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")


@dataclass(frozen=True)
class Clients:
    """The AWS clients of the operator: the emulator's root key, or any account's."""

    cloudformation: CloudFormationClient
    s3: S3Client
    ssm: Any


def fingerprint(context: dict[str, Any], root: Path = ROOT) -> str:
    """SHA-256 over everything that the assembly depends on."""
    digest = hashlib.sha256(json.dumps([context, sys.version], sort_keys=True).encode())
    for path in sorted(_sources(root)):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        top = root / source
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if name not in _NOT_SOURCES]
            yield from (Path(folder) / name for name in files)


def synthesise(home: Home, context: dict[str, Any], root: Path = ROOT) -> bool:
    """Write the assembly to `home.assembly`, unless it is there for these very sources.

    Returns whether it had to be written. Raises SynthesisFailed.
    """
    marker = home.assembly / "sources.sha256"
    wanted = fingerprint(context, root)
    if marker.exists() and marker.read_text(encoding="ascii") == wanted:
        return False
    shutil.rmtree(home.assembly, ignore_errors=True)  # assets of earlier code would stay for ever
    result = subprocess.run(
        [sys.executable, str(root / "app.py")],
        cwd=root,
        env={
            **os.environ,
            "CDK_OUTDIR": str(home.assembly),
            "CDK_CONTEXT_JSON": json.dumps(context),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise SynthesisFailed(
            "The CDK app could not be synthesised",
            hint="`python app.py` shows the same.",
            detail=(result.stderr or result.stdout).strip()[-4000:],
        )
    marker.write_text(wanted, encoding="ascii")
    return True


def bootstrap(clients: Clients) -> str:
    """Make the bucket and the version parameter that CDK templates expect. Returns the bucket."""
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    try:
        clients.s3.head_bucket(Bucket=bucket)
    except ClientError:
        clients.s3.create_bucket(Bucket=bucket)
    clients.ssm.put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )
    return bucket


def upload(clients: Clients, assembly: Path, bucket: str) -> str:
    """Upload the assets that are not there yet. Returns the key of the stack's template."""
    manifest = json.loads((assembly / f"{STACK}.assets.json").read_text(encoding="utf-8"))
    template = ""
    for asset in manifest["files"].values():
        (destination,) = asset["destinations"].values()
        key, source = destination["objectKey"], assembly / asset["source"]["path"]
        if source.name == f"{STACK}.template.json":
            template = key
        if not _exists(clients.s3, bucket, key):
            packed = asset["source"]["packaging"] == "zip"
            body = zipped(source) if packed else source.read_bytes()
            clients.s3.put_object(Bucket=bucket, Key=key, Body=body)
    return template


def zipped(folder: Path) -> bytes:
    """A zip of a folder that depends on names and contents only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
                archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def _exists(s3: S3Client, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True


def apply(clients: Clients, template_url: str) -> dict[str, str]:
    """Create the stack, or update it. Returns its outputs.

    Raises DeployFailed with the reasons that CloudFormation gives.
    """
    cloudformation = clients.cloudformation
    current = status(cloudformation)
    if current in _TO_BE_REPLACED:
        cloudformation.delete_stack(StackName=STACK)
        _wait(cloudformation, ("",))
        current = ""
    change = cloudformation.update_stack if current else cloudformation.create_stack
    try:
        change(
            StackName=STACK,
            TemplateURL=template_url,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployFailed("CloudFormation refused the template", detail=str(error)) from error
    else:
        _wait(cloudformation, _DONE)
    return outputs(cloudformation)


def outputs(cloudformation: CloudFormationClient) -> dict[str, str]:
    """Output name → value of the stack; empty when there is no stack."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return {}
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def status(cloudformation: CloudFormationClient) -> str:
    """The stack's status; empty when there is none."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return ""
    return "" if stack["StackStatus"] == "DELETE_COMPLETE" else stack["StackStatus"]


def _wait(cloudformation: CloudFormationClient, wanted: tuple[str, ...]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        current = status(cloudformation)
        if current in wanted:
            return
        if not current.endswith("_IN_PROGRESS"):
            raise DeployFailed(
                f"The stack {STACK} ended as {current or 'gone'}",
                detail="\n".join(_reasons(cloudformation)),
            )
        time.sleep(0.1)
    raise DeployFailed(f"The stack {STACK} was not done after {WAIT_SECONDS:.0f} s")


def _reasons(cloudformation: CloudFormationClient) -> list[str]:
    """Resource and reason of each failure of the last change, oldest first."""
    try:
        events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    except ClientError:
        return []
    reasons: list[str] = []
    for event in events:  # newest first
        if event["LogicalResourceId"] == STACK and event["ResourceStatus"] in (
            "CREATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
        ):
            break
        if event["ResourceStatus"].endswith("_FAILED"):
            why = event.get("ResourceStatusReason", "no reason given")
            reasons.insert(0, f"{event['LogicalResourceId']}: {why}")
    return reasons
