"""What the deployment synthesises to, for tests: made once per state of its source.

A synthesis takes seconds, so its result is kept in `.topk/synthesis/`, where the workers of a
parallel run share it: the first makes it, the others wait. Nothing is bundled and nothing asked of
a network.
"""

import fcntl
import functools
import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Target = Literal["local", "aws"]
Template = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".topk" / "synthesis"
WORLD, EMULATOR = "http://127.0.0.1:8700", "http://127.0.0.1:4599"


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Templates by stack name, the stacks that cannot be deleted, what rules found, the stacks that
    each stack is deployed after, and its tags.
    """

    templates: dict[str, Template]
    termination_protected: list[str]
    findings: list[Any]
    dependencies: dict[str, list[str]]
    tags: dict[str, dict[str, str]]


def context(target: Target, **choice: str) -> dict[str, Any]:
    """The context that the CDK command line would hand to the app."""
    declared: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    if target == "local":
        choice = {"world": WORLD, "emulator": EMULATOR} | choice
    return declared | {"target": target, **choice}


@functools.cache
def synthesis(target: Target) -> Synthesis:
    kept = KEPT / f"{target}-{_digest()}.json"
    with _alone(kept):
        if not kept.exists():
            complete = kept.with_suffix(".part")
            complete.write_text(json.dumps(_synthesise(target)))
            complete.rename(kept)
    return Synthesis(**json.loads(kept.read_text()))


def _digest() -> str:
    sources = [ROOT / "cdk.json", *sorted((ROOT / "infra_cdk").rglob("*.py")), Path(__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _synthesise(target: Target) -> dict[str, Any]:
    # CDK takes seconds to load: only the first run after a change needs it.
    from infra_cdk.app import build

    unbundled: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    with tempfile.TemporaryDirectory() as outdir:
        app = build(context(target) | unbundled, outdir)
        # A finding raises when the assembly is complete; the test of the rules is to show it.
        with suppress(RuntimeError):
            app.synth()
        return _read(Path(outdir))


def _read(assembly: Path) -> dict[str, Any]:
    artifacts = _json(assembly / "manifest.json")["artifacts"]
    described = {
        name: artifact
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    stacks = {name: artifact["properties"] for name, artifact in described.items()}
    # Absent where no rules are checked.
    report = assembly / "validation-report.json"
    return {
        "templates": {name: _json(assembly / one["templateFile"]) for name, one in stacks.items()},
        "termination_protected": [n for n, one in stacks.items() if one["terminationProtection"]],
        "dependencies": {
            name: [one for one in artifact.get("dependencies", ()) if one in stacks]
            for name, artifact in described.items()
        },
        "tags": {name: one.get("tags", {}) for name, one in stacks.items()},
        "findings": _json(report)["pluginReports"] if report.exists() else [],
    }


def _json(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
