"""Several processes at one port: a parent that serves nobody starts them, replaces those that die, and ends them."""

import logging
import os
import select
import signal
import sys
from asyncio import get_running_loop
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM)
# So many may die before the parent gives up; after a quiet time, in seconds, they are forgotten.
MOST_DEATHS, QUIET = 10, 60.0
# Seconds in which workers must have ended: they drain for three.
LONGEST_END = 4
SOME = 64
log = logging.getLogger("mockserver")


def in_workers(size: int, ready: Callable[[], None]) -> Callable[[], None]:
    """Return in each worker, with what it calls when it serves; the parent calls `ready`, and ends the process."""
    crew = Crew(size, ready)
    crew.begin()
    while crew.is_parent:
        crew.hear()
    return crew.tell_ready


class Crew:
    """The parent's view of its workers. What it hears comes through two pipes; a third is closed when it is gone."""

    def __init__(self, size: int, ready: Callable[[], None]) -> None:
        self.is_parent = True
        self._size, self._ready = size, ready
        self._pids: set[int] = set()
        self._serving = self._deaths = 0
        self._is_announced = False
        self._noise, self._serves, self._life = os.pipe(), os.pipe(), os.pipe()
        os.set_blocking(self._noise[1], False)

    def begin(self) -> None:
        for number in SIGNALS:
            signal.signal(number, heed)
        signal.set_wakeup_fd(self._noise[1], warn_on_full_buffer=False)
        for _ in range(self._size):
            self._start()

    def hear(self) -> None:
        """Wait for what happens next, and see to it."""
        heard, _, _ = select.select([self._noise[0], self._serves[0]], [], [], QUIET)
        if not heard:
            self._deaths = 0
        if self._serves[0] in heard:
            self._serving += len(os.read(self._serves[0], SOME))
            self._announce()
        if self._noise[0] in heard:
            self._heed(os.read(self._noise[0], SOME))

    def tell_ready(self) -> None:
        """Tell the parent that this worker serves, and end with the parent, however that ends."""
        os.write(self._serves[1], b".")
        get_running_loop().add_reader(self._life[0], self._leave)

    def _leave(self) -> None:
        get_running_loop().remove_reader(self._life[0])
        os.kill(os.getpid(), signal.SIGTERM)

    def _announce(self) -> None:
        if self._serving >= self._size and not self._is_announced:
            self._is_announced = True
            self._ready()

    def _heed(self, numbers: bytes) -> None:
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._end()
            sys.exit(0)
        for pid, says in self._dead():
            self._deaths += 1
            if not self._is_announced or self._deaths > MOST_DEATHS:
                why = "too many have died" if self._is_announced else "it never served"
                log.error("worker %d %s, and %s: the server ends", pid, says, why)
                self._end()
                sys.exit(1)
            log.warning("worker %d %s: another takes its place", pid, says)
            self._start()
            if not self.is_parent:
                return

    def _start(self) -> None:
        """Fork, in the parent only. Signals wait meanwhile: none must reach a worker that is still half its parent."""
        if not self.is_parent:
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid:
            self._pids.add(pid)
        else:
            self._become_worker()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _become_worker(self) -> None:
        self.is_parent = False
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        for end in (*self._noise, self._serves[0], self._life[1]):
            os.close(end)

    def _dead(self) -> Iterator[tuple[int, str]]:
        """Yield the workers that have ended, and how they did."""
        while self._pids:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._pids.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            yield pid, f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"

    def _end(self) -> None:
        """Let all workers drain and end; those that take too long are killed."""
        self._signal(signal.SIGTERM)
        signal.alarm(LONGEST_END)
        while self._pids:
            if signal.SIGALRM in os.read(self._noise[0], SOME):
                self._signal(signal.SIGKILL)
            list(self._dead())
        signal.alarm(0)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._pids:
            os.kill(pid, number)


def heed(_number: int, _frame: object) -> None:
    """Do nothing: that it came is read from the pipe."""
