"""`make audit`: check locked dependencies for known vulnerabilities.

pip-audit checks every requirements/*.txt with OSV, npm audit each package-lock.json with the npm
registry. A lock that could not be checked is reported and fails too, unless
`--unreachable-is-fine` is given.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import tools

ROOT = Path(__file__).resolve().parents[3]
FOUND, UNAUDITED = 1, 2
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
        if self.found:
            return f"{self.lock}: VULNERABLE: {', '.join(self.found)}"
        if self.unaudited:
            return f"{self.lock}: NOT AUDITED: {self.unaudited}"
        return f"{self.lock}: {self.audited} packages, none known to be vulnerable"


def verdicts(root: Path, run: Run) -> Iterator[Verdict]:
    """One verdict for each lock in `root`. `run` returns what a command prints."""
    for lock in sorted((root / "requirements").glob("*.txt")):
        yield of_pip(f"requirements/{lock.name}", run(_pip(lock)))
    yield of_npm("package-lock.json", run(NPM))
    for folder in ("web", "web/lighthouse", "tests/clients/node"):
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


def audit(
    unreachable_is_fine: Annotated[
        bool, typer.Option("--unreachable-is-fine", help="Fail only for vulnerabilities.")
    ] = False,
) -> None:
    """Print a line for each lock. Exit code 1: vulnerabilities; 2: not everything was audited."""
    told = list(verdicts(ROOT, _run))
    for verdict in told:
        print(f"audit: {verdict}")
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
