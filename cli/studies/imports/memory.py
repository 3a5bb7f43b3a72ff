"""The peak memory of reading a large file, in a process of its own.

    python -m cli.studies.imports.memory <format> <bytes>

prints `{"bytes", "records", "seconds", "peak_megabytes", "adds_up"}`. The file is read from disk in
blocks of eight megabytes, as a function reads one from S3.
"""

import json
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from time import perf_counter

from cli.studies.imports.memory_stores import StoredPlays
from cli.studies.imports.run import KEPT_DAYS, NOON, imported
from simulator.histories.downloads import records_of
from simulator.histories.formats import WRITERS
from simulator.histories.writer import Writer

SONGS = 20_000
"""Records that are written again and again: a history of a real user is smaller than a gigabyte."""
_PIECE = 1 << 20


def measure(name: str, size: int, folder: Path) -> dict[str, object]:
    """Writes a file of `size` bytes, and reads it."""
    writer = next(one for one in WRITERS if one.name == name)
    path = folder / "large"
    records = write_large(writer, size, path)
    before = perf_counter()
    with path.open("rb", buffering=8 * _PIECE) as file:
        receipt = imported(file, StoredPlays())
    return {
        "bytes": path.stat().st_size,
        "records": receipt.read,
        "seconds": round(perf_counter() - before, 1),
        "peak_megabytes": round(peak_megabytes()),
        "adds_up": receipt.adds_up and receipt.read == records,
    }


def write_large(writer: Writer, size: int, path: Path) -> int:
    """Write the file, a piece at a time; returns the number of its records."""
    some = records_of(writer, SONGS, until=NOON, kept_days=KEPT_DAYS)
    with path.open("wb") as file:
        file.write(writer.before.encode(writer.encoding))
        records = 0
        for text in cycle(some):
            file.write(((writer.between if records else "") + text).encode())
            records += 1
            if records % 1000 == 0 and file.tell() >= size:
                break
        file.write(writer.after.encode())
    return records


def peak_megabytes() -> float:
    """Of this process so far. `ru_maxrss` would include that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="topk-import-") as scratch:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(scratch))))
