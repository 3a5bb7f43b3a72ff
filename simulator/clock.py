"""The world's clock: one small file that several processes read.

The file holds ``{"now": epoch seconds, "set_at": wall epoch seconds, "running": bool}``. A stopped
clock stays at ``now``; a running one has advanced by the real time since ``set_at``. Without the
file, world time is real time. Uses only the standard library, so that the emulator's minimal
environment can import it.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """The contents of the clock file."""

    now: float
    set_at: float
    running: bool

    def at(self, wall: float) -> float:
        return self.now + (wall - self.set_at) if self.running else self.now


def wall_clock() -> float:
    """The machine's time, in seconds since the epoch."""
    return time.time()


class Clock:
    """Epoch seconds of the simulated world."""

    def __init__(self, path: str | Path, wall: Callable[[], float] = wall_clock) -> None:
        self._path = Path(path)
        self._wall = wall
        self._reading: Reading | None = None
        self._stamp: tuple[int, int] | None = None

    @property
    def running(self) -> bool:
        reading = self._read()
        return reading is None or reading.running

    def now(self) -> float:
        """The world's time, in seconds since the epoch."""
        return self.at(self._wall())

    def at(self, wall: float) -> float:
        """The world's time at a wall time; a stopped clock always returns the same."""
        reading = self._read()
        return wall if reading is None else reading.at(wall)

    def set(self, now: float, running: bool) -> None:
        """Set the world's time to ``now`` (epoch seconds); the clock is stopped unless ``running``.

        The file is replaced atomically, so a reader in another process never sees half of it.
        """
        content = json.dumps({"now": now, "set_at": self._wall(), "running": running})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_text(content, encoding="utf-8")
        draft.replace(self._path)

    def _read(self) -> Reading | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        # A replaced file has a new inode even within one tick of the file system's clock.
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._reading = Reading(**json.loads(self._path.read_text(encoding="utf-8")))
            self._stamp = stamp
        return self._reading
