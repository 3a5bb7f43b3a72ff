"""Results of fuzzed requests."""

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

    def book(self) -> bool:
        """Whether one more request is wanted; if so, counts it."""
        wanted = self.requests < self.wanted
        self.requests += wanted
        return wanted

    def answered(self, operation: str, status: int) -> None:
        self.statuses[operation, status] += 1

    def found(self, operation: str, kind: str, what: str) -> None:
        """`kind` is the name of a failed check, `what` an example."""
        self.kinds[kind] += 1
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.setdefault((operation, kind), what)

    def add(self, other: "Tally") -> None:
        """Adds the results of other requests."""
        self.requests += other.requests
        self.statuses += other.statuses
        self.kinds += other.kinds
        self.findings = dict([*other.findings.items(), *self.findings.items()][:FINDINGS_KEPT])

    @property
    def never_served(self) -> set[str]:
        """Operations that never succeeded (2xx, 3xx), so that little of them was tested."""
        served = {operation for (operation, status) in self.statuses if 200 <= status < 400}
        return {operation for (operation, _) in self.statuses} - served

    @property
    def figures(self) -> dict[str, Any]:
        by_operation: dict[str, dict[str, int]] = {}
        for (operation, status), times in sorted(self.statuses.items()):
            by_operation.setdefault(operation, {})[str(status)] = times
        return {
            "requests": self.requests,
            "operations": len(by_operation),
            "never_served": sorted(self.never_served),
            "answers_of_5xx": sum(n for (_, status), n in self.statuses.items() if status >= 500),
            "undocumented_statuses": self.kinds["status_code_conformance"],
            "findings": dict(sorted(self.kinds.items())),
            "shares_of_statuses": {
                operation: {status: round(n / sum(of.values()), 3) for status, n in of.items()}
                for operation, of in by_operation.items()
            },
            "statuses": by_operation,
            "examples": [
                {"operation": operation, "check": kind, "what": what}
                for (operation, kind), what in sorted(self.findings.items())
            ],
        }
