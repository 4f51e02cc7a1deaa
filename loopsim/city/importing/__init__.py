"""Reading real files into a city."""
