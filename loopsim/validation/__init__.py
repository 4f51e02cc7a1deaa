"""Validation: published results, composed from the stages of the loop and set beside what was published."""
