"""One file for each verb of the command line.

The first line of a file's docstring is the verb's help; `arguments(parser)` adds what the
verb takes, `run(args)` does it and returns the exit code (None is 0).
"""
