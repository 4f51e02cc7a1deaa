"""The pieces of risk terrain modelling: layers, penalised fit, stepwise choice, scores."""
