"""Poisson regressions that the forecasting predictors share."""
