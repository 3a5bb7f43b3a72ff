"""An event fixture: a file in events/<function>/."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.failure import CommandFailedError


@dataclass(frozen=True, slots=True)
class Fixture:
    path: Path

    @property
    def function(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return f"{self.function}/{self.path.stem}"

    @property
    def event(self) -> Any:
        """Raises CommandFailedError if the file is not JSON."""
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandFailedError(f"{self.path}: {error}") from error
