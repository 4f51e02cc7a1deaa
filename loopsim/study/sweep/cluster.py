"""Cluster: Dask workers, here or elsewhere, that turn points into parts.

The workers compute; this process alone writes. A worker that dies loses the point it was
at, which Dask gives to another. Needs the extra `cluster`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from functools import lru_cache
from itertools import islice

from loopsim.limits import Refused
from loopsim.study.config.settings import Study
from loopsim.study.sweep.parts import Part, Parts, code_version
from loopsim.study.sweep.points import Point
from loopsim.study.sweep.workshop import Workshop

ANSWER_SECONDS = 5  # that a scheduler has to answer
WORKER_SECONDS = 60  # that a first worker has to appear
AHEAD = 4  # points that wait for each worker thread


def on_dask(
    points: list[Point],
    parts: Parts,
    precision=None,
    *,
    scheduler: str | None = None,
    threads: int | None = None,
) -> Iterator[str]:
    """Run the points on Dask and write their parts; yields the key of each as it is on disk."""
    client = _client(scheduler, threads or os.cpu_count() or 1)
    try:
        yield from _written(client, points, parts, precision)
    finally:
        _close(client)


def _written(client, points, parts, precision) -> Iterator[str]:
    """Keep the workers busy, a few points ahead, and write what comes back."""
    from distributed import as_completed

    waiting, keys = iter(points), {}

    def sent(most: int) -> list:
        found = []
        for point in islice(waiting, most):
            name = f"loopsim-{parts.id(point.key)}"
            found.append(client.submit(made_here, _light(point.study), precision, parts.code, key=name))
            keys[name] = point.key
        return found

    done = as_completed(sent(AHEAD * max(1, sum(client.nthreads().values()))))
    for job in done:
        key = keys.pop(job.key)
        parts.write(key, _result(job))
        yield key
        for more in sent(1):
            done.add(more)


def made_here(study: Study, precision, code: str) -> Part:
    """On a worker: the part of one point."""
    if code != code_version():
        raise Refused(
            "a worker has another version of loopsim or Python than this machine; install the same on both"
        )
    return _workshop().part(study, precision, threading.Event())


@lru_cache(maxsize=1)
def _workshop() -> Workshop:
    """Of this worker: its points share cities and histories."""
    return Workshop()


def _light(study: Study) -> Study:
    """Without what a city has read from its file: the worker reads it too."""
    return replace(
        study,
        setups={
            arm: replace(s, city=replace(s.city)) if is_dataclass(s.city) else s
            for arm, s in study.setups.items()
        },
    )


def _result(job) -> Part:
    from distributed import CancelledError, KilledWorker

    try:
        return job.result()
    except KilledWorker:
        raise Refused(
            "a point stopped every worker that tried it (out of memory?); finished points are kept; "
            "lower city.rows, city.cols or replicates, or give the workers more memory"
        ) from None
    except (CancelledError, OSError, TimeoutError):
        raise Refused("the Dask scheduler has gone; finished points are kept, run it again") from None


def _client(scheduler: str | None, threads: int):
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise Refused("--executor dask needs Dask; install it with: pip install 'loopsim[cluster]'") from None
    for name in ("distributed", "distributed.client", "distributed.worker"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if scheduler is None:
        cluster = LocalCluster(
            n_workers=threads, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
        client = Client(cluster)
        client.loopsim_cluster = cluster
        return client
    try:
        client = Client(scheduler, timeout=ANSWER_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        raise Refused(
            f"no Dask scheduler answers at {scheduler} within {ANSWER_SECONDS} s ({type(error).__name__}); "
            "start one with `dask scheduler`, or leave out --scheduler"
        ) from None
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError:
        client.close()
        raise Refused(
            f"the Dask scheduler at {scheduler} has no worker; start one with `dask worker {scheduler}`"
        ) from None
    return client


def _close(client) -> None:
    """Give up what is in flight; a cluster of our own ends too."""
    cluster = getattr(client, "loopsim_cluster", None)
    client.close()
    if cluster is not None:
        cluster.close()
