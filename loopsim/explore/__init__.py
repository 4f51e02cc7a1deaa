"""Explore: the Mesa model on a page of its own, on this machine only.

`model` is the town with sliders, `pictures` draws it, `app` is the page, `server` serves it.
Needs the extra `explore`; nothing else in loopsim imports this room.
"""
