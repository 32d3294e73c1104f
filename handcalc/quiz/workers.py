"""The work of many students, on one core or on all; files go straight to the disk, what comes back is records."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

from handcalc.errors import HandcalcError
from handcalc.quiz.jobs import Job, make
from handcalc.quiz.progress import Place, Record

J = TypeVar("J")
T = TypeVar("T")
Work = Callable[[Sequence[Job], Place], Iterator[Record]]
"""Makes and keeps the work of several students, in any order."""
AHEAD = 4
"""Jobs that wait for each worker, so that none of them waits for a job."""
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
"""A worker has one core; threads of NumPy's would only wait for each other."""


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_this_process(jobs: Sequence[Job], place: Place) -> Iterator[Record]:
    for job in jobs:
        yield keep(job, place)


def in_processes(count: int) -> Work:
    """On `count` cores. The workers end with the process that has started them, however that ends."""

    def work(jobs: Sequence[Job], place: Place) -> Iterator[Record]:
        if not jobs:
            return
        with processes(min(count, len(jobs))) as pool:
            try:
                for _, record in in_turn(jobs, lambda job: pool.submit(keep, job, place), AHEAD * count):
                    yield record
            except BrokenProcessPool:
                raise HandcalcError(
                    "a worker process was ended from outside, perhaps for want of memory; the same command continues, "
                    "and with --jobs 1 it takes the least memory"
                ) from None
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    return in_this_process if count == 1 else work


def keep(job: Job, place: Place) -> Record:
    """The record of a student whose files are made and saved. Raises HandcalcError where they can't be."""
    made = make(job)
    if made.refused:
        raise HandcalcError(made.refused)
    place.keep(job, made)
    return made.record


def in_turn(jobs: Iterable[J], submit: Callable[[J], Future[T]], most: int) -> Iterator[tuple[J, T]]:
    """What becomes of each job, in the order in which they end; at most so many are under way at a time."""
    waiting, under_way = iter(jobs), dict[Future[T], J]()
    while True:
        under_way |= {submit(job): job for job in islice(waiting, most - len(under_way))}
        if not under_way:
            return
        for one in wait(under_way, return_when=FIRST_COMPLETED).done:
            yield under_way.pop(one), one.result()


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """New processes rather than copies of this one: the same on every system, and no thread is copied half-way."""
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin) as pool:
        with _as_children():
            for _ in range(count):
                pool.submit(int)  # a process is started with the first jobs
        yield pool


@contextmanager
def _as_children() -> Iterator[None]:
    """What is set here is so in processes that are started now, from their first moment on: one thread each, and
    Ctrl-C is for the process that has started them."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        if masked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
