"""What came of fuzzed requests."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

FINDINGS_KEPT = 50


@dataclass
class Tally:
    """Counts answers by operation and status, and keeps each kind of finding once."""

    wanted: int
    requests: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def book(self) -> bool:
        """Whether one more request is wanted, which is then counted."""
        with self._lock:
            if self.requests >= self.wanted:
                return False
            self.requests += 1
            return True

    def answered(self, operation: str, status: int) -> None:
        with self._lock:
            self.statuses[operation, status] += 1

    def found(self, operation: str, kind: str, what: str) -> None:
        """`kind` is the name of a check that did not hold, `what` an example."""
        with self._lock:
            self.kinds[kind] += 1
            if len(self.findings) < FINDINGS_KEPT:
                self.findings.setdefault((operation, kind), what)

    @property
    def figures(self) -> dict[str, Any]:
        by_operation: dict[str, dict[str, int]] = {}
        for (operation, status), times in sorted(self.statuses.items()):
            by_operation.setdefault(operation, {})[str(status)] = times
        return {
            "requests": self.requests,
            "answers_of_5xx": sum(n for (_, status), n in self.statuses.items() if status >= 500),
            "undocumented_statuses": self.kinds["status_code_conformance"],
            "findings": dict(sorted(self.kinds.items())),
            "statuses": by_operation,
            "examples": [
                {"operation": operation, "check": kind, "what": what}
                for (operation, kind), what in sorted(self.findings.items())
            ],
        }
