"""The ridge penalty with the least held-out deviance, by cross-validation over blocks."""

from __future__ import annotations

import numpy as np

from loopsim.prediction.poisson.ridge import ridge_poisson, start


def chosen(x, y, offset, block, alphas) -> float:
    """The penalty of `alphas` that predicts held-out blocks best; ties go to the stronger.

    Parameters
    ----------
    x : (m, p) float; y, offset : (m,) float
    block : (m,) int, rows with one number are held out together
    alphas : penalties per observation

    **Special cases**
    One block, or no records outside every held-out block: the strongest penalty.
    """
    alphas = sorted(alphas, reverse=True)
    lost = np.zeros(len(alphas))
    for b in np.unique(block):
        kept, held = block != b, block == b
        if not y[kept].any():
            continue
        beta = start(y[kept], offset[kept], x.shape[1])
        for i, alpha in enumerate(alphas):
            ridge_poisson(x[kept], y[kept], offset[kept], alpha, beta)
            eta = beta[0] + x[held] @ beta[1:] + offset[held]
            lost[i] += np.exp(np.minimum(eta, 500.0)).sum() - y[held] @ eta
    return float(alphas[int(np.argmin(lost))])
