"""News of a batch of stream records, to all their subscribers side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from reelstep.events.delivery import Standing
from reelstep.events.stream import News
from reelstep.pipelines.live import Live
from reelstep.platform.observability import logger

#: Subscribers at once: one that hangs takes one place for at most gateway.POST_SECONDS.
PLACES = 16


def fan_out(live: Live, batch: Sequence[News]) -> tuple[list[News], int]:
    """The news that could not be told to everybody, to be delivered again, and how many
    subscribers were told. Telling again is harmless: who has been told is passed over."""
    failed: list[News] = []
    told = 0
    with ThreadPoolExecutor(PLACES) as pool:
        waiting: list[tuple[News, list[Future[Standing]]]] = []
        for news in batch:
            try:
                subscribers = live.connections.subscribers_of(news.job_id)
            except Exception:
                logger.exception("subscribers not read", job_id=news.job_id)
                failed.append(news)
                continue
            tasks = [pool.submit(live.tell, connection_id, news) for connection_id in subscribers]
            waiting.append((news, tasks))
        for news, tasks in waiting:
            errors = [error for task in tasks if (error := task.exception())]
            for error in errors[:1]:
                logger.error("not told", job_id=news.job_id, exc_info=error, count=len(errors))
            if errors:
                failed.append(news)
            told += sum(not task.exception() and task.result() is Standing.DONE for task in tasks)
    return failed, told
