"""What every function is given: memory, time, layers and the calls it may make.

Memory follows what a step does: 1,769 MB is one vCPU on Lambda, so 5,307 MB renders on three.
Grants list single actions; a function that needs another one gets AccessDenied, also locally.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What jobs, events, progress and cost lines are written with. A transaction needs the permission
#: of each of its parts.
TABLE_WRITE = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
#: Wallets, the answers of idempotent requests and rate limits, by key.
TABLE_ROWS = (
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
#: Subscriptions, and the log that they are told of.
TABLE_FAN_OUT = ("dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem")
#: Jobs and their logs; the update is for rate limits and for who is held.
TABLE_FOLLOW = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
TABLE_DELETE = (*TABLE_WRITE, "dynamodb:BatchWriteItem", "dynamodb:DeleteItem")

#: Who somebody is and which plan they have. Nothing here makes, deletes or signs in anybody.
USER_PLANS = (
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminListGroupsForUser",
    "cognito-idp:AdminRemoveUserFromGroup",
)

#: What an event source needs, on the stream and on the queue for its failures.
STREAM_READ = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
QUEUE_WRITE = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage")

EVENTS_PUT = ("events:PutEvents",)
QUEUE_READ = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
)
#: Posting to the connections of the WebSocket API, and closing them.
CONNECTIONS = ("execute-api:ManageConnections",)

# Without ListBucket, S3 answers 403 and not 404 for a key that is not there yet.
BUCKET_READ = ("s3:GetObject", "s3:ListBucket")
BUCKET_WRITE = (*BUCKET_READ, "s3:PutObject", "s3:AbortMultipartUpload")
BUCKET_DELETE = (*BUCKET_READ, "s3:DeleteObject")
#: A presigned URL may do what its signer may: PutObject is the client's upload.
BUCKET_UPLOADS = (*BUCKET_DELETE, "s3:PutObject")

#: Where avatars are written, by bucket: as their owner's, and as a part of a film.
AVATARS = (("media", "companions/*"), ("artifacts", "avatar/*"))

#: What clients are shown of a job that runs, by bucket: signed URLs of these, and the script.
PREVIEWS = tuple(("artifacts", f"{kind}/*") for kind in ("chunk", "preview", "scenario"))


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda. `scratch_mb` sizes /tmp; `states` are its calls on the generation machine.

    `avatars` and `previews` are its calls on the objects that AVATARS and PREVIEWS name, `users`
    those on the user pool; `code` is the folder of its handler where that is not its name. Requests
    of one that `waits` are held in it, so that only so many of them run at once.
    """

    name: str
    memory_mb: int
    timeout_seconds: int
    layers: tuple[str, ...]
    purpose: str
    table: tuple[str, ...] = TABLE_WRITE
    artifacts: tuple[str, ...] = BUCKET_WRITE
    media: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    avatars: tuple[str, ...] = ()
    previews: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    scratch_mb: int = 512
    code: str = ""
    waits: bool = False

    @property
    def handler(self) -> str:
        return f"functions.{self.code or self.name}.handler.handler"


API = FunctionSpec(
    "api",
    512,
    29,
    ("base", "imaging"),
    "Answers the REST API",
    table=TABLE_DELETE,
    artifacts=(),
    media=BUCKET_DELETE,
    uploads=BUCKET_UPLOADS,
    avatars=("s3:PutObject",),
    previews=("s3:GetObject",),
    states=("StartExecution", "StopExecution"),
)
#: The API's code for the routes of admins, so that the API itself may not change plans.
ADMIN = FunctionSpec(
    "admin",
    512,
    29,
    ("base",),
    "Answers the REST API's routes for admins",
    table=TABLE_ROWS,
    artifacts=(),
    users=USER_PLANS,
    code="api",
)
SWEEP = FunctionSpec(
    "sweep",
    512,
    60,
    ("base",),
    "Finishes or resumes jobs whose execution was lost, starts what waits",
    artifacts=(),
    states=("DescribeExecution", "StartExecution", "StopExecution"),
)
DISPATCH = FunctionSpec(
    "dispatch",
    512,
    60,
    ("base",),
    "Starts waiting jobs when the table's stream tells of a freed slot",
    artifacts=(),
    states=("StartExecution",),
)
CALLBACK = FunctionSpec(
    "callback",
    512,
    30,
    ("base",),
    "Calls the URLs that users want to be called at",
    artifacts=(),
    media=BUCKET_READ,
)

AUTHORIZE = FunctionSpec(
    "authorize",
    512,
    10,
    ("base", "auth"),
    "Lets valid ID tokens into the WebSocket",
    table=(),
    artifacts=(),
)
SOCKET = FunctionSpec(
    "socket",
    512,
    29,
    ("base",),
    "Hears what WebSocket clients say",
    table=TABLE_DELETE,
    artifacts=(),
    media=BUCKET_DELETE,
    states=("StartExecution", "StopExecution"),
)
FANOUT = FunctionSpec(
    "fanout",
    1024,
    60,
    ("base",),
    "Tells WebSocket clients what is new",
    table=TABLE_FAN_OUT,
    artifacts=(),
    media=("s3:GetObject",),
)
STREAM = FunctionSpec(
    "stream",
    256,
    29,
    ("base", "auth"),
    "Answers event streams, when there is something to tell",
    table=TABLE_FOLLOW,
    artifacts=(),
    media=("s3:GetObject",),
    waits=True,
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
        media=(*BUCKET_WRITE, "s3:DeleteObject"),
        scratch_mb=8192,
    ),
    FunctionSpec("finish", 512, 30, ("base",), "Ends the job", artifacts=()),
)

FUNCTIONS = (API, ADMIN, *STEPS, SWEEP, DISPATCH, CALLBACK, AUTHORIZE, SOCKET, FANOUT, STREAM)
