"""What a caller can do with companions: make, change, look at, list, delete; scoped by owner.

An avatar does not fit into the body of a request (a Lambda takes 6 MB, and API Gateway sends
base64), so it goes to the uploads bucket by a signed URL; `put` then takes it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictInt
from pydantic.alias_generators import to_camel

from reelstep.accounts.companions import AvatarRef, Companion, CompanionRows
from reelstep.artifacts import keys
from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs.model import Job
from reelstep.pipelines.generation.request import Label, OpaqueId
from reelstep.pipelines.generation.views import View
from reelstep.pipelines.screening import Screening
from reelstep.pipelines.texts import NO_SUCH_UPLOAD, NO_SUCH_VOICE
from reelstep.platform.clock import iso, now_iso, utc_now
from reelstep.platform.errors import (
    ArtifactMissing,
    Conflict,
    MediaUnreadable,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    ValidationFailed,
)
from reelstep.providers.voice_offers import OFFERS

MOST_AVATAR_BYTES = 5 * 1024 * 1024
UPLOAD_SECONDS = 900
_FIELD = "avatarUpload"


class AvatarType(StrEnum):
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


class _Camel(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class CompanionRequest(_Camel):
    name: Label = Field(examples=["Luna"])
    voice: OpaqueId | None = Field(default=None, description="female or male, or a provider's own")
    avatar_upload: OpaqueId | None = Field(
        default=None, description="`uploadId` of a new avatar; without it the avatar stays"
    )


class AvatarRequest(_Camel):
    content_type: str = Field(description=" | ".join(AvatarType), examples=["image/jpeg"])
    size_bytes: StrictInt = Field(ge=1, description=f"at most {MOST_AVATAR_BYTES}")


class CompanionView(View):
    id: str
    name: str
    voice: str | None
    avatar_url: str | None
    created_at: str
    updated_at: str


class CompanionList(View):
    companions: list[CompanionView]


class AvatarUpload(View):
    """Where and how to send the file: `method` to `url` with `headers`, until `expires_at`."""

    upload_id: str
    url: str
    method: str = "PUT"
    headers: dict[str, str]
    expires_at: str


class CompanionSnapshot(BaseModel):
    """What a film knows of a companion, kept with its job: later changes do not reach it.

    `name` is None for an id that has no companion: that one is drawn. `avatar` is the key of a
    copy in the artifacts bucket, named by its content.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str | None = None
    voice: str | None = None
    avatar: str | None = None


def snapshots(job: Job) -> tuple[CompanionSnapshot, ...]:
    """What was looked up when the job was submitted (`resolve`)."""
    return tuple(
        CompanionSnapshot.model_validate(found) for found in job.context.get("companions", ())
    )


@dataclass(frozen=True)
class Companions:
    """Companions of one user. `locale` is the language of texts for people."""

    rows: CompanionRows
    media: ArtifactStore
    uploads: ArtifactStore
    artifacts: ArtifactStore
    screening: Screening
    user_id: str
    locale: str
    url_seconds: int
    voice_provider: str

    def get(self, companion_id: str) -> CompanionView:
        return self._view(self._own(companion_id))

    def list(self) -> CompanionList:
        return CompanionList(companions=[self._view(found) for found in self.rows.list()])

    def start_upload(self, companion_id: str, request: AvatarRequest) -> AvatarUpload:
        """Where to send an avatar for this companion, which need not exist yet.

        Raises UnsupportedMedia, TooLarge.
        """
        if request.content_type not in set(AvatarType):
            raise UnsupportedMedia(
                f"contentType must be one of {', '.join(AvatarType)}",
                french=f"contentType doit être l'un de {', '.join(AvatarType)}",
                field="contentType",
            )
        if request.size_bytes > MOST_AVATAR_BYTES:
            raise _too_large("sizeBytes")
        upload_id = keys.new_id()
        url = self.uploads.signed_upload(
            keys.avatar_upload(self.user_id, companion_id, upload_id),
            UPLOAD_SECONDS,
            content_type=request.content_type,
            size=request.size_bytes,
        )
        return AvatarUpload(
            upload_id=upload_id,
            url=url,
            headers={
                "Content-Type": request.content_type,
                "Content-Length": str(request.size_bytes),
            },
            expires_at=iso(utc_now() + timedelta(seconds=UPLOAD_SECONDS)),
        )

    def put(self, companion_id: str, request: CompanionRequest) -> CompanionView:
        """Make the companion or change it. Without `avatarUpload` its avatar stays.

        Raises ValidationFailed, TooLarge and UnsupportedMedia about the avatar, ContentRejected
        about the name, and Conflict.
        Sending the same again changes nothing.
        """
        self._check_voice(request.voice)
        self.screening.check(self.user_id, {"name": request.name})
        upload_id = request.avatar_upload
        avatar = self._taken(companion_id, upload_id) if upload_id else None
        try:
            after, before = self.rows.put(
                companion_id, name=request.name, voice=request.voice, avatar=avatar, now=now_iso()
            )
        except Conflict:
            self._drop_unused(companion_id, avatar)
            raise
        # Only now that nobody is shown it any more.
        if before and before.avatar and before.avatar != after.avatar:
            self.media.delete(before.avatar.key)
        if upload_id:
            self.uploads.delete(keys.avatar_upload(self.user_id, companion_id, upload_id))
        return self._view(after)

    def delete(self, companion_id: str) -> None:
        """Remove its files and its record, the record last: a crash in between leaves something
        that can be deleted again. Films that were started with it keep their copy."""
        self._own(companion_id)
        self.uploads.delete_prefix(keys.avatar_uploads_prefix(self.user_id, companion_id))
        self.media.delete_prefix(keys.companion_prefix(self.user_id, companion_id))
        gone = self.rows.delete(companion_id)
        # One that a twin request put in the meantime.
        if gone and gone.avatar:
            self.media.delete(gone.avatar.key)

    def resolve(self, ids: Iterable[str]) -> tuple[CompanionSnapshot, ...]:
        """What a film that is being submitted has to know of its companions, in this order.

        The avatar is copied beside the film's other parts, so that neither a change nor a deletion
        breaks a film that runs or is retried. An id without a companion is no error.
        """
        return tuple(self._snapshot(companion_id) for companion_id in ids)

    def _snapshot(self, companion_id: str) -> CompanionSnapshot:
        found = self.rows.get(companion_id)
        if found is None:
            return CompanionSnapshot(id=companion_id)
        return CompanionSnapshot(
            id=companion_id,
            name=found.name,
            # The deployment may speak with another provider by now.
            voice=found.voice if found.voice and not self._unknown_voice(found.voice) else None,
            avatar=self._copied(found.avatar) if found.avatar else None,
        )

    def _copied(self, avatar: AvatarRef) -> str | None:
        key = keys.film_avatar(avatar.sha256)
        try:
            # Written again although it may be there: parts of films expire by their age.
            self.artifacts.copy_from(self.media, avatar.key, key)
        except ArtifactMissing:  # deleted this moment
            return None
        return key

    def _taken(self, companion_id: str, upload_id: str) -> AvatarRef:
        """The uploaded file as an avatar in the media bucket."""
        source = keys.avatar_upload(self.user_id, companion_id, upload_id)
        try:
            data = self.uploads.read_up_to(source, MOST_AVATAR_BYTES + 1)
        except ArtifactMissing:
            found = self.rows.get(companion_id)
            # The answer to a request that took it was lost, and its sender asks again.
            if found and found.avatar and found.avatar.upload_id == upload_id:
                return found.avatar
            raise ValidationFailed([(_FIELD, NO_SUCH_UPLOAD[self.locale])]) from None
        if len(data) > MOST_AVATAR_BYTES:
            raise _too_large(_FIELD)
        # Imported here: of all routes only this one decodes pictures.
        from reelstep.media.avatar import clean_avatar

        try:
            avatar = clean_avatar(data)
        except UnsupportedMedia as error:
            raise UnsupportedMedia(
                f"{_FIELD} {error.message}", french=f"{_FIELD} {error.french}", field=_FIELD
            ) from error
        except MediaUnreadable as error:
            raise ValidationFailed([(_FIELD, error.text(self.locale))]) from error
        key = keys.companion_avatar(self.user_id, companion_id, upload_id, avatar.sha256)
        self.media.put(key, avatar.png)
        return AvatarRef(key, avatar.sha256, upload_id)

    def _drop_unused(self, companion_id: str, avatar: AvatarRef | None) -> None:
        found = self.rows.get(companion_id)
        if avatar and (found is None or found.avatar != avatar):
            self.media.delete(avatar.key)

    def _check_voice(self, voice: str | None) -> None:
        offered = self._unknown_voice(voice) if voice else None
        if offered:
            text = NO_SUCH_VOICE[self.locale].format(voices=", ".join(offered))
            raise ValidationFailed([("voice", text)])

    def _unknown_voice(self, voice: str) -> Sequence[str]:
        """The voices there are, when this is none of them."""
        offer = OFFERS.get(self.voice_provider)
        return () if offer is None or voice.lower() in offer.voices else offer.voices

    def _own(self, companion_id: str) -> Companion:
        found = self.rows.get(companion_id)
        if found is None:
            raise NotFound(
                "There is no such companion", french="Ce compagnon n'existe pas", field="id"
            )
        return found

    def _view(self, companion: Companion) -> CompanionView:
        avatar = companion.avatar
        return CompanionView(
            id=companion.companion_id,
            name=companion.name,
            voice=companion.voice,
            avatar_url=self.media.signed_url(avatar.key, self.url_seconds) if avatar else None,
            created_at=companion.created_at,
            updated_at=companion.updated_at,
        )


def _too_large(field: str) -> TooLarge:
    most = MOST_AVATAR_BYTES // (1024 * 1024)
    return TooLarge(
        f"{field}: an avatar may have at most {most} MB; make it smaller and upload it again",
        french=f"{field} : un avatar compte au plus {most} Mo ; réduisez-le et renvoyez-le",
        field=field,
    )
