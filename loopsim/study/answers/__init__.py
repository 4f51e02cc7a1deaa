"""Answers: what the experiments conclude, as tables and as pages of the docs."""
