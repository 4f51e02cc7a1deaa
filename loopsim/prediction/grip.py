"""Grip: the twenty places with most harm, each 150 m wide and none overlapping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.limits import choice, number, validate
from loopsim.philox import PREDICTION
from loopsim.prediction.stencil import Stencil, gaussian_mean
from loopsim.prediction.window import days_held, remark


@dataclass(frozen=True, kw_only=True)
class Grip:
    """Density of recorded harm, kept at the highest peaks that lie far enough apart, 0 elsewhere.

    Who: the Home Office Grip programme, 20 forces since April 2021, almost 5 million pounds;
    Essex Police in Southend 2020 (20 spots of 150 m; injury, robbery and drug trafficking of
    a year, weighted by the Crime Harm Index; Amnesty International UK 2025). The evidence
    brings the weights: scenarios set `evidence.weights=harm`, and `evidence.proactive=false`
    for the index as designed, which leaves out what only police find; Essex counted drug
    trafficking. Published as "KDE, 150-m area" only: kernel, bandwidth and the greedy choice
    (take the highest cell, strike out all centres within `apart_m`, repeat) are designs of
    this project. The spots stand for as long as the loop does not refit (90 days).

    Parameters
    ----------
    window_days : int, days of records
    sigma_m : float, metres, width of the Gaussian; the quartic reaches 2 sigma
    kernel : "gaussian" or "quartic"
    spots : int, K
    apart_m : float, metres between the centres of two spots, exceeded

    **Special cases**
    Exactly K cells have positive risk, so the top K cells and a rota of K are the spots.
    A flat density has no peaks: the risk is flat, so uniform in is uniform out.
    Too little room or harm for K spots: fewer, noted in the manifest. No records: zero.
    Equal peaks: a seeded draw decides, not the number of the cell.

    **Feedback**
    Twenty spots take all patrol for a season; what it writes there keeps them on the list and
    a place left out gets no discovery, so it is not chosen again. With harm weights stops and
    intelligence weigh nothing: discoveries and search finds close the loop, and dropping
    proactive types leaves it to discovered harm; victim reports alone leave it open.

    References
    ----------
    Basford et al. (2021), the Southend trial; Amnesty International UK (2025), ch. 3.
    """

    window_days: int = number(at_least=1, unit="days")
    sigma_m: float = number(above=0, unit="m")
    kernel: str = choice("gaussian", "quartic")
    spots: int = number(at_least=1, unit="spots")
    apart_m: float = number(at_least=0, unit="m")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) weighted records per cell and day at the spots, 0 elsewhere."""
        grid = now.grid
        counts = evidence.counts(self.window_days) / days_held(evidence, self.window_days)
        if self.kernel == "gaussian":
            density = gaussian_mean(counts, self.sigma_m, grid, now.notes)
        else:
            density = Stencil.quartic(2 * self.sigma_m, grid.cell_m).mean(counts, grid, now.notes)
        draws = now.dice.uniform(grid.n, day=now.day, stream=PREDICTION)
        near = Stencil.of(int(self.apart_m // grid.cell_m), self._overlaps(grid.cell_m))
        risk = np.zeros(density.shape)
        found = peaks(density, draws, grid.inside, grid.rows, grid.cols, *near[:2], self.spots, risk)
        if 0 < found < self.spots:
            remark(now, f"grip: room for {found} of {self.spots} spots in a replicate")
        return risk

    def _overlaps(self, cell_m: float):
        return lambda down, right: np.where(np.hypot(down, right) * cell_m <= self.apart_m, 1.0, 0.0)


@njit(cache=True, nogil=True)
def peaks(density, draws, inside, rows, cols, down, right, spots, risk):
    """Greedy choice of the highest cells, none within the offsets of another; least number found."""
    fewest = spots
    free = np.empty(density.shape[1], np.bool_)
    for r in range(density.shape[0]):
        least = np.inf
        for i in range(free.size):
            free[i] = inside[i]
            least = min(least, density[r, i]) if inside[i] else least
        if least == density[r].max():
            risk[r] = density[r]  # flat: no peaks
            continue
        for k in range(spots):
            best = -1
            for i in range(free.size):
                if not free[i] or density[r, i] <= 0.0:
                    continue
                higher = best < 0 or density[r, i] > density[r, best]
                if higher or (density[r, i] == density[r, best] and draws[r, i] > draws[r, best]):
                    best = i
            if best < 0:
                fewest = min(fewest, k)
                break
            risk[r, best] = density[r, best]
            for t in range(down.size):
                row, col = best // cols + down[t], best % cols + right[t]
                if 0 <= row < rows and 0 <= col < cols:
                    free[row * cols + col] = False
    return fewest
