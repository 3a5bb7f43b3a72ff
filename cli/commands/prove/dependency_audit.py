"""`make audit`: check locked dependencies for known vulnerabilities.

pip-audit checks every requirements/*.txt with OSV, npm audit each package-lock.json with the npm
registry. A lock that could not be checked is reported and fails too, unless
`--unreachable-is-fine` is given. `--write` records what the services said in docs/audit.md.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import tools
from topk.clock import wall_clock

ROOT = Path(__file__).resolve().parents[3]
FOUND, UNAUDITED = 1, 2
RECORD = ROOT / "docs" / "audit.md"
NPM = ["npm", "audit", "--package-lock-only", "--json"]

Run = Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result for one lock: number of `audited` packages, findings, and why packages were
    skipped.
    """

    lock: str
    audited: int = 0
    found: tuple[str, ...] = ()
    unaudited: str = ""

    def __str__(self) -> str:
        return f"{self.lock}: {self.result}"

    @property
    def result(self) -> str:
        if self.found:
            return f"VULNERABLE: {', '.join(self.found)}"
        if self.unaudited:
            return f"NOT AUDITED: {self.unaudited}"
        return f"{self.audited} packages, none known to be vulnerable"


def verdicts(root: Path, run: Run) -> Iterator[Verdict]:
    """One verdict for each lock in `root`. `run` returns what a command prints."""
    for lock in sorted((root / "requirements").glob("*.txt")):
        yield of_pip(f"requirements/{lock.name}", run(_pip(lock)))
    yield of_npm("package-lock.json", run(NPM))
    for folder in ("web", "web/lighthouse", "tests/clients/node", "examples/host-react"):
        yield of_npm(f"{folder}/package-lock.json", run([*NPM, "--prefix", folder]))


def of_pip(lock: str, printed: str) -> Verdict:
    """Parse pip-audit's JSON, which lists what it could not look up without failing."""
    told = _json(printed)
    if told is None or "dependencies" not in told:
        return Verdict(lock, unaudited="the advisory service api.osv.dev did not answer")
    known = [one for one in told["dependencies"] if "skip_reason" not in one]
    skipped = len(told["dependencies"]) - len(known)
    return Verdict(
        lock,
        audited=len(known),
        found=tuple(
            f"{one['name']} {one['version']} ({flaw['id']})"
            for one in known
            for flaw in one["vulns"]
        ),
        unaudited=f"{skipped} packages could not be looked up" if skipped else "",
    )


def of_npm(lock: str, printed: str) -> Verdict:
    """Parse npm's JSON, report version 2."""
    told = _json(printed)
    if told is None or "auditReportVersion" not in told:
        return Verdict(lock, unaudited="the npm registry has no advisory service that answers")
    found = tuple(f"{name} ({one['severity']})" for name, one in told["vulnerabilities"].items())
    return Verdict(lock, audited=told["metadata"]["dependencies"]["total"], found=found)


def record(told: Sequence[Verdict], day: date, root: Path) -> str:
    """What was said on `day` of each lock as it is in `root`, as Markdown."""
    rows = [f"| `{one.lock}` | `{digest(root / one.lock)}` | {one.result} |" for one in told]
    return "\n".join(
        [
            "# What the advisory services said",
            "",
            f"On {day}, by `make audit ARGS=--write`. A digest is the first half of the lock's "
            "SHA-256.",
            "",
            "| lock | digest | result |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:32]


def audit(
    unreachable_is_fine: Annotated[
        bool, typer.Option("--unreachable-is-fine", help="Fail only for vulnerabilities.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Record the result.")] = False,
) -> None:
    """Print a line for each lock. Exit code 1: vulnerabilities; 2: not everything was audited."""
    told = list(verdicts(ROOT, _run))
    for verdict in told:
        print(f"audit: {verdict}")
    if write:
        today = datetime.fromtimestamp(wall_clock(), UTC).date()
        RECORD.write_text(record(told, today, ROOT), encoding="utf-8")
    if any(verdict.found for verdict in told):
        raise typer.Exit(FOUND)
    if not unreachable_is_fine and any(verdict.unaudited for verdict in told):
        raise typer.Exit(UNAUDITED)


def _pip(lock: Path) -> list[str]:
    return [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--timeout", "10",
            "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json",
            "--requirement", str(lock)]  # fmt: skip


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - the commands above
        command,
        cwd=ROOT,
        env=tools.environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def _json(printed: str) -> dict[str, Any] | None:
    try:
        told = json.loads(printed)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


if __name__ == "__main__":
    typer.run(audit)
