"""Pools: threads of this machine that turn points into parts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

from loopsim.study.sweep.parts import Parts
from loopsim.study.sweep.points import Point
from loopsim.study.sweep.workshop import Workshop


def in_threads(
    points: list[Point], parts: Parts, workshop: Workshop, precision=None, threads: int | None = None
) -> Iterator[str]:
    """Run the points and write their parts; yields the key of each as it is on disk.

    A thread takes a point; with fewer points than threads, the rest share out the
    replicates of the points. When it is stopped, the points in flight are given up.
    """
    threads = threads or os.cpu_count() or 1
    side_by_side = max(1, min(threads, len(points)))
    helpers = threads // side_by_side
    stop = threading.Event()
    inner = ThreadPoolExecutor(threads) if helpers > 1 else None
    each = inner.map if inner else map

    def work(point: Point) -> str:
        parts.write(point.key, workshop.part(point.study, precision, stop, each))
        return point.key

    pool = ThreadPoolExecutor(side_by_side)
    try:
        yield from _as_finished(pool, work, points, 2 * side_by_side)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        if inner:
            inner.shutdown(cancel_futures=True)


def _as_finished(pool, work, points, ahead: int) -> Iterator[str]:
    """What `work` returns of each point, with a few points in the queue and no more."""
    waiting, running = iter(points), set()
    while True:
        running |= {pool.submit(work, point) for point in islice(waiting, ahead - len(running))}
        if not running:
            return
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        # What is done is told before what went wrong.
        for job in sorted(finished, key=lambda job: job.exception() is not None):
            yield job.result()
