"""`python -m loopsim` is `loopsim`."""

import sys

from loopsim.cli import main

sys.exit(main())
