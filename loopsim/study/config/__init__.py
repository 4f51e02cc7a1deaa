"""Config: names and `key=value` lines on their way to typed, checked arms."""
