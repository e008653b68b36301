"""What an operator can change about a function of a running local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.local_cloud import LocalCloud


@contextmanager
def environment(cloud: LocalCloud, function: str, **changes: str) -> Iterator[None]:
    """A function with another environment, for the block."""
    client, name = cloud.client("lambda"), name_of(cloud, function)
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=name, Environment={"Variables": before | changes}
    )
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": before})


@contextmanager
def disabled(cloud: LocalCloud, function: str) -> Iterator[None]:
    """No invocation of it gets through, whoever asks."""
    client, name = cloud.client("lambda"), name_of(cloud, function)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        client.delete_function_concurrency(FunctionName=name)


def name_of(cloud: LocalCloud, function: str) -> str:
    """`render` → the name that it is deployed under."""
    pages = cloud.client("lambda").get_paginator("list_functions").paginate()
    return next(
        str(found["FunctionName"])
        for page in pages
        for found in page["Functions"]
        if found["Handler"] == f"functions.{function}.handler.handler"
    )
