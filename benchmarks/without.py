"""`mockserver` with parts of it taken out, so that another run tells their cost: `without.py coverage,journal serve`.

The journal's entry is neither made nor kept, the coverage of a call neither found out nor looked up.
"""

import sys
from unittest.mock import patch

from mockserver.faces.cli import main
from mockserver.state.store import Write
from mockserver.watching import NO_NEWS, News

NOTHING = Write(("journal", "nothing"))


def no_news(*_: object) -> News:
    return NO_NEWS


def no_entry(*_: object) -> Write:
    return NOTHING


PARTS = {
    "coverage": ("mockserver.watching.Watch.news", no_news),
    "journal": ("mockserver.writes.write_entry", no_entry),
}

if __name__ == "__main__":
    for part in sys.argv[1].split(","):
        patch(*PARTS[part]).start()
    main(sys.argv[2:])
