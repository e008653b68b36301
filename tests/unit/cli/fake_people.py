"""The account, companion and admin routes of the fake cloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

AT = "2026-11-20T10:00:00.000Z"
USER_ID = "0b6f-user"
Answer = tuple[int, Any]


def entry(number: int, kind: str, tokens: int, **more: Any) -> dict[str, Any]:
    at = f"2026-11-{number:02d}T10:00:00.000Z"
    return {
        "id": f"e{number}#{kind}",
        "type": kind,
        "tokens": tokens,
        "at": at,
        "jobId": None,
        "reason": None,
        **more,
    }


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> dict[str, Any]:
    return {
        "type": f"https://reelstep.test/problems/{code.lower()}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "traceId": "1-abc",
        **more,
    }


@dataclass
class FakePeople:
    """One user, its ledger (newest first) and its companions."""

    balance: int = 940
    admin_tokens: set[str] = field(default_factory=set)
    entries: list[dict[str, Any]] = field(default_factory=list)
    companions: dict[str, dict[str, Any]] = field(default_factory=dict)
    quote: dict[str, Any] = field(
        default_factory=lambda: {
            "tokensCost": 100,
            "balance": 940,
            "sufficient": True,
            "estimatedWaitMinutes": 15,
            "estimatedUsd": 0.0012,
        }
    )
    account: dict[str, Any] = field(
        default_factory=lambda: {
            "userId": USER_ID,
            "plan": "PREMIUM",
            "admin": False,
            "limits": {
                "maxDurationSeconds": 300,
                "maxQuality": "HD",
                "concurrentJobs": 3,
                "priority": 2,
            },
            "balance": 940,
            "reserved": 60,
            "runningJobs": 1,
        }
    )

    def answer(
        self, method: str, path: str, query: dict[str, list[str]], body: Any, token: str, url: str
    ) -> Answer:
        match path.removeprefix("/api/v1/").split("/"):
            case ["account"]:
                return 200, self.account
            case ["account", "ledger"]:
                return self._ledger(query)
            case ["companions"]:
                return 200, {"companions": list(self.companions.values())}
            case ["companions", companion_id, *rest]:
                return self._companion(method, unquote(companion_id), rest, body, url)
            case ["admin", "users", user, *rest] if token in self.admin_tokens:
                return self._admin(unquote(user), rest, body)
        return 404, problem(404, "NOT_FOUND", "Not found", "There is nothing here")

    def _ledger(self, query: dict[str, list[str]]) -> Answer:
        start, size = int(query.get("cursor", ["0"])[0]), int(query["size"][0])
        end = start + size
        more = str(end) if end < len(self.entries) else None
        return 200, {"entries": self.entries[start:end], "cursor": more}

    def _companion(
        self, method: str, companion_id: str, rest: list[str], body: Any, url: str
    ) -> Answer:
        if rest == ["avatar"]:
            return 201, {
                "uploadId": "upload-1",
                "url": f"{url}/store/avatar?signature=s",
                "method": "PUT",
                "headers": {"Content-Type": body["contentType"], "x-amz-meta-owner": "u"},
                "expiresAt": AT,
            }
        if method == "PUT":
            self.companions[companion_id] = {
                "id": companion_id,
                "name": body["name"],
                "voice": body.get("voice"),
                "avatarUrl": f"{url}/a.png" if "avatarUpload" in body else None,
                "createdAt": AT,
                "updatedAt": AT,
            }
        if companion_id not in self.companions:
            return 404, problem(404, "NOT_FOUND", "Not found", "No such companion")
        if method == "DELETE":
            del self.companions[companion_id]
            return 204, None
        return 200, self.companions[companion_id]

    def _admin(self, user: str, rest: list[str], body: Any) -> Answer:
        if user not in (USER_ID, "demo+x@reelstep.test"):
            return 404, problem(404, "NOT_FOUND", "Not found", "No such user")
        if rest == ["tokens"]:
            if self.balance + body["tokens"] < 0:
                return 409, problem(409, "CONFLICT", "Not now", "The balance is lower than that")
            self.balance += body["tokens"]
            return 201, {"userId": USER_ID, "balance": self.balance, "reserved": 60}
        if rest == ["plan"]:
            return 200, {"userId": USER_ID, "plan": body["plan"]}
        return 200, {
            "userId": USER_ID,
            "email": "demo+x@reelstep.test",
            "plan": "FREE",
            "admin": False,
            "balance": self.balance,
            "reserved": 60,
        }
