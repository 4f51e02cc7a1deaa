"""Lesson: a folder for 45 minutes in a classroom, every number of it from runs made on the spot.

`scenes` says what is run, `findings` what came out in words, `handout` puts both into the
templates, `folder` writes it all or nothing.
"""
