"""Progress of a long command, so that it continues after an interruption."""

import json
from pathlib import Path
from typing import Any


class Position:
    """JSON in a file, which exists only until the command has finished."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def write(self, position: dict[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.new")
        draft.write_text(json.dumps(position), encoding="utf-8")
        draft.replace(self._file)

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)
