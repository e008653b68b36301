"""What every function is given: memory, time, layers and the calls it may make.

Memory follows what a step does: 1,769 MB is one vCPU on Lambda, so 5,307 MB renders on three.
Grants list single actions; a function that needs another one gets AccessDenied, also locally.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What jobs, events, progress and cost lines are written with. A transaction needs the permission
#: of each of its parts.
TABLE_WRITE = (
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
TABLE_DELETE = (*TABLE_WRITE, "dynamodb:BatchWriteItem", "dynamodb:DeleteItem")

# Without ListBucket, S3 answers 403 and not 404 for a key that is not there yet.
BUCKET_READ = ("s3:GetObject", "s3:ListBucket")
BUCKET_WRITE = (*BUCKET_READ, "s3:PutObject", "s3:AbortMultipartUpload")
BUCKET_DELETE = (*BUCKET_READ, "s3:DeleteObject")


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda. `scratch_mb` sizes /tmp; `states` are its calls on the generation machine."""

    name: str
    memory_mb: int
    timeout_seconds: int
    layers: tuple[str, ...]
    purpose: str
    table: tuple[str, ...] = TABLE_WRITE
    artifacts: tuple[str, ...] = BUCKET_WRITE
    media: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    scratch_mb: int = 512

    @property
    def handler(self) -> str:
        return f"functions.{self.name}.handler.handler"


API = FunctionSpec(
    "api",
    512,
    29,
    ("base",),
    "Answers the REST API",
    table=TABLE_DELETE,
    artifacts=(),
    media=BUCKET_DELETE,
    states=("StartExecution", "StopExecution"),
)
RECONCILE = FunctionSpec(
    "reconcile",
    512,
    60,
    ("base",),
    "Finishes or resumes jobs whose execution was lost",
    artifacts=(),
    states=("DescribeExecution", "StartExecution", "StopExecution"),
)

#: The steps of statemachine/generation.asl.json, which refers to each as ${<Name>FunctionArn}.
STEPS = (
    FunctionSpec("script", 512, 120, ("base", "imaging", "speech"), "Writes the scenario"),
    FunctionSpec("picture", 1769, 180, ("base", "imaging"), "Draws one scene"),
    FunctionSpec("voice", 512, 120, ("base", "speech", "imaging"), "Speaks one scene"),
    FunctionSpec("music", 1769, 180, ("base", "imaging"), "Plays the film's music"),
    FunctionSpec("compose", 1769, 180, ("base", "imaging"), "Places one scene's layers"),
    FunctionSpec("timeline", 512, 60, ("base",), "Plans the timeline and its chunks"),
    FunctionSpec(
        "render",
        5307,
        900,
        ("base", "imaging", "ffmpeg", "fonts"),
        "Renders one chunk",
        scratch_mb=4096,
    ),
    FunctionSpec(
        "encode",
        3538,
        900,
        ("base", "ffmpeg", "fonts"),
        "Mixes the sound, joins the chunks",
        scratch_mb=8192,
    ),
    FunctionSpec(
        "finalize",
        3538,
        900,
        ("base", "ffmpeg", "inspect", "fonts"),
        "Checks and publishes the film",
        media=BUCKET_WRITE,
        scratch_mb=8192,
    ),
    FunctionSpec("finish", 512, 30, ("base",), "Ends the job", artifacts=()),
)

FUNCTIONS = (API, *STEPS, RECONCILE)
