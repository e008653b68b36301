"""A process that dies between any two of its writes, before or after the write took effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WRITES = {"batch_write_item", "put_item", "update_item", "delete_item", "transact_write_items"}


class Died(BaseException):
    """The process is gone: nothing catches this but the test."""


class Mortal:
    """A DynamoDB client of a process that may die."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.death: tuple[int, bool] | None = None
        self.on_write: Callable[[dict[str, Any]], None] = lambda _arguments: None

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name not in WRITES:
            return attribute

        def write(**arguments: Any) -> Any:
            dies, took_effect = False, False
            if self.death is not None:
                left, took_effect = self.death
                dies = left == 0
                self.death = None if dies else (left - 1, took_effect)
            if dies and not took_effect:
                raise Died
            answer = attribute(**arguments)
            self.on_write(arguments)
            if dies:
                raise Died
            return answer

        return write
