"""Threads and their queue, and exercise 06.2: a worker that lives on."""

import asyncio
import queue
import threading

import pytest

from workers import Nobody, Workers, handler_threads

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

ERRORS = [ValueError, OSError, StopIteration, SystemExit, KeyboardInterrupt, asyncio.CancelledError]


def raising(error: type[BaseException]):
    """A job that fails."""

    def job():
        raise error("of the job")

    return job


def worked_off(*jobs):
    """The futures of the jobs, once `work` has been at them, and was given None."""
    workers = Workers(0, len(jobs))
    futures = [workers.submit(job) for job in jobs]
    workers.jobs.put(None)
    workers.work()
    return futures


@pytest.mark.exercise("06.2")
class TestWork:
    """What each thread does."""

    def test_result(self):
        """What a job returns is the result of its future, None included."""
        first, second = worked_off(lambda: "done", lambda: None)
        assert first.result(0) == "done"
        assert second.result(0) is None

    def test_in_their_order(self):
        """The jobs are done in the order of the queue, each once."""
        done: list[int] = []
        worked_off(*(lambda number=number: done.append(number) for number in range(5)))
        assert done == [0, 1, 2, 3, 4]

    def test_ends_at_none(self):
        """None ends it; a job that comes behind it is not done."""
        workers = Workers(0, 2)
        workers.jobs.put(None)
        future = workers.submit(lambda: "too late")
        workers.work()
        assert not future.done()

    @pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
    def test_worker_lives_on(self, error):
        """Whatever a job raises goes into its future, and the next job is done all the same."""
        try:
            bad, good = worked_off(raising(error), lambda: "still here")
        except error:
            pytest.fail(f"the worker died of the {error.__name__} that a job raised")
        assert isinstance(bad.exception(0), error)
        assert good.result(0) == "still here"

    def test_cancelled_job_is_left_out(self):
        """A job whose future was cancelled while it waited is not done, and the next one is."""
        done: list[str] = []
        workers = Workers(0, 2)
        workers.submit(done.append, "cancelled").cancel()
        workers.submit(done.append, "wanted")
        workers.jobs.put(None)
        workers.work()
        assert done == ["wanted"]

    def test_job_that_is_cancelled_while_it_is_done(self):
        """Once it has begun a job can no longer be cancelled, and its worker lives on."""
        workers, done = Workers(0, 2), []
        running = workers.submit(lambda: done.append(running.cancel()))
        workers.submit(done.append, "next")
        workers.jobs.put(None)
        workers.work()
        assert done == [False, "next"], "tell the future that its job begins"
        assert running.done()

    def test_no_worker_is_lost(self):
        """After as many exceptions as there are threads all threads are still at work."""
        workers = Workers(2, 10)
        for error in ERRORS:
            assert isinstance(workers.submit(raising(error)).exception(SECONDS), error)
        together = threading.Barrier(2)
        futures = [workers.submit(together.wait, SECONDS) for _ in range(2)]
        assert sorted(future.result(SECONDS) for future in futures) == [0, 1]
        workers.finish(SECONDS)


def test_all_threads_work_at_once():
    """Three threads do three jobs at the same time: each waits for the two others."""
    workers, together = Workers(3, 0), threading.Barrier(3)
    futures = [workers.submit(together.wait, SECONDS) for _ in range(3)]
    assert sorted(future.result(SECONDS) for future in futures) == [0, 1, 2]
    workers.finish(SECONDS)


def test_room():
    """So many jobs as there are threads, and so many more as there is room for; then queue.Full."""
    workers = Workers(0, 2)
    workers.submit(print)
    workers.submit(print)
    with pytest.raises(queue.Full):
        workers.submit(print)


def test_room_comes_back():
    """A job that is done makes room for another one."""
    workers = Workers(1, 0)
    for number in range(20):
        assert workers.submit(lambda number=number: number).result(SECONDS) == number
    workers.finish(SECONDS)


def test_finish():
    """What is in the queue is done first; then the threads have ended."""
    workers, done = Workers(2, 10), []
    for number in range(10):
        workers.submit(done.append, number)
    workers.finish(SECONDS)
    assert sorted(done) == list(range(10))
    assert not any(thread.is_alive() for thread in workers.threads)


def test_finish_waits_no_longer_than_it_may():
    """A job that does not end is not waited for, and its thread keeps no program from ending."""
    gate, workers = threading.Event(), Workers(1, 1)
    future = workers.submit(gate.wait, SECONDS)
    workers.finish(0)
    assert not future.done()
    assert all(thread.daemon for thread in workers.threads)
    gate.set()
    assert future.result(SECONDS)
    workers.threads[0].join(SECONDS)


def test_arguments():
    """A job is called with what it was submitted with."""
    assert Nobody().submit(int, "ff", base=16).result(0) == 255
    workers = Workers(1, 1)
    assert workers.submit(int, "ff", base=16).result(SECONDS) == 255
    workers.finish(SECONDS)


def test_nobody_works_at_once():
    """Without threads, a job is done when it is submitted; what it raises is in the future."""
    assert Nobody().submit(threading.get_ident).result(0) == threading.get_ident()
    assert isinstance(Nobody().submit(raising(ValueError)).exception(0), ValueError)


def test_handler_threads():
    """0 threads are nobody."""
    assert isinstance(handler_threads(0, 10), Nobody)
    workers = handler_threads(2, 10)
    assert len(workers.threads) == 2
    workers.finish(SECONDS)
