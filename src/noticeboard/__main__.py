"""`python -m noticeboard` is the program `noticeboard`."""

import sys

from noticeboard.cli import main

sys.exit(main())
