"""Reelstep for programs: films from a prompt, followed live, with blocking calls or asyncio.

    from reelstep.client import Client, Deployment

    with Client(Deployment.local()) as client:
        submitted = client.generate("A fox who counts stars", duration_seconds=20)
        for event in client.follow(submitted.video_id):
            print(event.seq, event.event, event.percent)

docs/clients-python.md has the rest. Nothing here needs the AWS SDK; `pip install reelstep[client]`
brings what it does need. Names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelstep.client.answers import (
        Account,
        Answer,
        Event,
        Previews,
        Quote,
        Submission,
        Video,
        VideoPage,
    )
    from reelstep.client.async_client import AsyncClient
    from reelstep.client.client import Client
    from reelstep.client.deployment import Deployment, sign_in_from_environment
    from reelstep.client.effects import LiveState, Wait
    from reelstep.client.errors import (
        ApiProblem,
        DownloadFailed,
        FieldError,
        LostTouch,
        NoLocalCloud,
        NotSignedIn,
        NotTheApi,
        ReelstepClientError,
        TransferFailed,
        Unreachable,
        UploadFailed,
        WrongPicture,
        WrongSettings,
    )
    from reelstep.client.exchange import Patience
    from reelstep.client.pictures import Picture
    from reelstep.client.progress import JobProgress, PhaseProgress
    from reelstep.client.routes import FilmOptions, SceneWish
    from reelstep.client.sign_in import Password, SignIn, Token

__all__ = [
    "Account",
    "Answer",
    "ApiProblem",
    "AsyncClient",
    "Client",
    "Deployment",
    "DownloadFailed",
    "Event",
    "FieldError",
    "FilmOptions",
    "JobProgress",
    "LiveState",
    "LostTouch",
    "NoLocalCloud",
    "NotSignedIn",
    "NotTheApi",
    "Password",
    "Patience",
    "PhaseProgress",
    "Picture",
    "Previews",
    "Quote",
    "ReelstepClientError",
    "SceneWish",
    "SignIn",
    "Submission",
    "Token",
    "TransferFailed",
    "Unreachable",
    "UploadFailed",
    "Video",
    "VideoPage",
    "Wait",
    "WrongPicture",
    "WrongSettings",
    "sign_in_from_environment",
]

_PLACES = {
    "answers": (
        *("Account", "Answer", "Event", "Previews", "Quote", "Submission", "Video"),
        "VideoPage",
    ),
    "async_client": ("AsyncClient",),
    "client": ("Client",),
    "deployment": ("Deployment", "sign_in_from_environment"),
    "effects": ("LiveState", "Wait"),
    "errors": (
        *(
            "ApiProblem",
            "DownloadFailed",
            "UploadFailed",
            "FieldError",
            "LostTouch",
            "NoLocalCloud",
            "NotSignedIn",
            "NotTheApi",
        ),
        *("ReelstepClientError", "TransferFailed", "Unreachable", "WrongPicture"),
        "WrongSettings",
    ),
    "exchange": ("Patience",),
    "pictures": ("Picture",),
    "progress": ("JobProgress", "PhaseProgress"),
    "routes": ("FilmOptions", "SceneWish"),
    "sign_in": ("Password", "SignIn", "Token"),
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Each name from the module that has it (PEP 562): what is not used costs no start-up."""
    if name not in _PLACE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
