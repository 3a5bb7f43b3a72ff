"""The processes of one group."""

import os
from collections.abc import Iterator

import psutil


def members(group: int) -> Iterator[psutil.Process]:
    """The living processes of the group `group`, its leader included."""
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
