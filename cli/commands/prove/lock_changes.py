"""`make lock`: which pins changed, by lock."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def changes(before: Path, after: Path) -> Iterator[str]:
    """A line for each pin that differs between the locks (*.txt) of two folders."""
    for lock in sorted(after.glob("*.txt")):
        old, new = (_pins(folder / lock.name) for folder in (before, after))
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield f"{lock.name}: {name} {old.get(name, 'new')} -> {new.get(name, 'gone')}"


def _pins(lock: Path) -> dict[str, str]:
    if not lock.exists():
        return {}
    return dict(_PIN.findall(lock.read_text(encoding="utf-8")))


if __name__ == "__main__":
    found = list(changes(Path(sys.argv[1]), ROOT / "requirements"))
    print("\n".join(found) or "no pin changed")
