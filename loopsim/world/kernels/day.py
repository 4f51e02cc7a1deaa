"""A turn of the fast world: the passes over a block of days, for each replicate."""

from numba import njit

from loopsim.world.kernels.knobs import DIFFUSION, KEEP, VENUE_PULL
from loopsim.world.kernels.offences import accept, commit, recur, set_off, travel
from loopsim.world.kernels.place import add_dose
from loopsim.world.kernels.recording import record
from loopsim.world.kernels.stops import lay, sit
from loopsim.world.kernels.visits import PIECE, stop_counts, tabulate, visits


@njit(cache=True, nogil=True)
def live(seed, replicates, day, days, plan, bench, page):
    """Let the days day .. day + days - 1 happen; a block is all of them unless days depend on each other.

    Returns the longest page, in entries, and the lowest place left for near repeats.
    """
    dose, felt, town, chances = bench.dose, bench.felt, bench.town, bench.chances
    law, knobs, waiting, out, scratch = bench.law, bench.knobs, bench.waiting, bench.out, bench.scratch
    most, least, step = 0, 0, 1 if felt.size or waiting[0].size else days
    for r in range(replicates.size):
        keys = (seed, replicates[r])
        for tally in (out[1], out[2]):
            tally[r] = 0
        out[0][r] = 0
        for d in range(0, days, step):
            if felt.size:
                today = plan[r, d % plan.shape[1]]
                add_dose(today, dose[r], felt, knobs[KEEP], knobs[DIFFUSION], town[3], town[4])
            _offences(
                r,
                keys,
                day + d,
                d,
                step,
                plan[r],
                felt,
                town,
                chances,
                law,
                knobs,
                waiting,
                page,
                out,
                scratch,
            )
        _stops(r, keys, day, days, plan[r], town, chances, law, knobs, page, out, scratch)
        most = max(most, page[0][r])
        least = min(least, waiting[8][r] if waiting[8].size else 0)
    return most, least


@njit(cache=True, nogil=True)
def _offences(r, keys, day, at, days, plan, felt, town, chances, law, knobs, waiting, page, out, scratch):
    home, _, inside, rows, cols, moves, venues, near = town
    cdf, hazard, _, uneven, _ = chances
    block, w0 = scratch[0], scratch[1]
    n = commit(keys, day, at, days, cdf, home, hazard.size, block, w0)
    if moves.shape[0] or knobs[VENUE_PULL] > 0.0:
        travel(n, keys, plan, knobs, inside, rows, cols, moves, venues, block)
    born = n
    if waiting[0].size:
        n = recur(r, n, keys, day, at, block, waiting)
    if uneven or felt.size:
        accept(n, born, keys, knobs, hazard, felt, inside, rows, cols, near, block)
    record(r, n, born, keys, plan, law, knobs, block, scratch[2], page, out)
    if waiting[0].size:
        set_off(r, n, born, keys, day, knobs, inside, rows, cols, block, waiting)


@njit(cache=True, nogil=True)
def _stops(r, keys, day, days, plan, town, chances, law, knobs, page, out, scratch):
    visit, desk, table = scratch[3], scratch[4], scratch[5]
    cells, means, none, shares, words, counts = visit
    m, tabled, n, sittings = 0, 0, 0, 0
    for d in range(days):
        if d < plan.shape[0]:
            m = visits(plan[d], chances[2], knobs, cells, means, none, shares)
            tabled = tabulate(means[m - 1], none[m - 1], table) if m and means[m - 1] <= PIECE else 0
        stop_counts(m, keys, day + d, cells, means, none, words, table[:tabled], counts)
        j, done = 0, 0
        while j < m:
            j, done, n, sittings = lay(
                j, done, n, sittings, day + d, m, cells, counts, shares, desk[0], desk[1]
            )
            if j < m:  # the desk is full
                sit(r, keys, n, sittings, day, plan, desk, town, chances[4], law, knobs, page, out)
                n, sittings = 0, 0
    sit(r, keys, n, sittings, day, plan, desk, town, chances[4], law, knobs, page, out)
