"""Which command starts or holds the stack in a folder: one at a time."""

import fcntl
import os
from pathlib import Path
from typing import IO

from cli.failure import CommandFailedError

FILE = "owner"


class StackOwner:
    """The right to start, hold and stop the stack in one folder.

    It is a lock on a file, which the system releases when the process ends, however it ends.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def of(cls, folder: Path) -> "StackOwner":
        """Take the right. Raises CommandFailedError if another command holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / FILE).open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            other = file.read().strip()
            file.close()
            raise CommandFailedError(
                f"{folder.name} is in use by another command (process {other}); wait for its end, "
                f"stop it with `topk down --name {folder.name}`, or choose another --name"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return cls(file)

    def release(self) -> None:
        self._file.close()
