"""What a tester may see and change: the one list of methods that every tester's face speaks."""

from mockserver.control.journal import TimedOut, Wanted
from mockserver.control.near import Control
from mockserver.control.pages import Page, Unknown

__all__ = ["Control", "Page", "TimedOut", "Unknown", "Wanted"]
