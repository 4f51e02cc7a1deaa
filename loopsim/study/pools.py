"""Pools: threads of this machine that turn points into parts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from loopsim.study.parts import Parts
from loopsim.study.points import Point
from loopsim.study.workshop import Workshop


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
    waiting, running = iter(points), set()
    try:
        while True:
            for point in _some(waiting, 2 * side_by_side - len(running)):
                running.add(pool.submit(work, point))
            if not running:
                return
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for job in finished:
                yield job.result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        if inner:
            inner.shutdown(cancel_futures=True)


def _some(waiting: Iterator, most: int) -> Iterator:
    for _ in range(most):
        try:
            yield next(waiting)
        except StopIteration:
            return
