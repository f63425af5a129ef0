"""Threads that do what is put into their queue."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

Job = tuple[Future[Any], Callable[[], Any]]


class Workers(Executor):
    """A number of threads, and one queue. An Executor, so that asyncio can use it too."""

    def __init__(self, count: int, room: int) -> None:
        """`count` threads, which start now; of what they can't do at once, `room` jobs may wait.

        The threads are daemons: one that hangs does not keep the program from ending.
        """
        self.jobs: queue.Queue[Job | None] = queue.Queue()
        self.places = threading.Semaphore(count + room)
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a thread call this: the promise of what it returns. queue.Full: no room is left."""
        if not self.places.acquire(blocking=False):
            raise queue.Full
        future: Future[Any] = Future()
        future.add_done_callback(lambda future: self.places.release())
        self.jobs.put((future, lambda: work(*args, **kwargs)))
        return future

    def work(self) -> None:
        """What each thread does: job after job, until it is given None.

        What a job raises goes into its future, whatever it is: the thread lives on. One that
        died of it would be missing from then on, and with the last one the server would stand
        still. A job whose future was cancelled meanwhile is left out.
        """
        while job := self.jobs.get():
            future, call = job
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
            del job, future, call  # a thread that is idle keeps nobody's request in memory

    def finish(self, seconds: float) -> None:
        """Let them do what is in the queue, then end; wait for that, but no longer than this."""
        deadline = time.monotonic() + seconds
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class Nobody(Executor):
    """No threads: who submits a job does it. That is what `--workers 0` means."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The promise, kept at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def finish(self, seconds: float) -> None:
        """There is nobody to wait for."""


def handler_threads(count: int, room: int) -> "Workers | Nobody":
    """Where an event loop lets handlers run, so that one that waits does not stop the loop."""
    return Workers(count, room) if count else Nobody()
