"""`make sbom`: what is shipped, as CycloneDX, with licences.

Writes out/sbom/<group>.json for each layer of functions (cyclonedx-bom, from its lock) and
out/sbom/web.json for the elements and pages (npm sbom). Exit code 1 for a licence that is not
allowed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cli import tools
from cli.commands.prove.licences import SHIPPED, Shipped, shipped

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "out" / "sbom"
_PYTHON = (
    *("uv", "run", "--quiet", "--no-project", "--isolated"),
    *("--with-requirements", "requirements/sbom.txt", "--"),
    *("cyclonedx-py", "requirements", "--output-format", "JSON"),
)
_WEB = (
    *("npm", "sbom", "--prefix", "web", "--package-lock-only", "--omit", "dev"),
    *("--sbom-format", "cyclonedx"),
)
Run = Callable[[Sequence[str]], str]


def documents(run: Run, packages: Iterable[Shipped]) -> dict[str, Any]:
    """CycloneDX documents by name. `run` returns what a command prints."""
    known = {one.name: one for one in packages}
    found = {
        group: with_licences(json.loads(run([*_PYTHON, f"requirements/{group}.txt"])), known)
        for group in SHIPPED
    }
    return {**found, "web": json.loads(run(_WEB))}


def with_licences(document: dict[str, Any], known: Mapping[str, Shipped]) -> dict[str, Any]:
    """`document` with the licence of each component, and without those that are not installed."""
    components = [one for one in document["components"] if one["name"] in known]
    for one in components:
        # The description is the line of the lock, with every hash.
        one.pop("description", None)
        one["licenses"] = [{"expression": known[one["name"]].licence}]
    kept = {one["bom-ref"] for one in components}
    dependencies = [one for one in document.get("dependencies", ()) if one["ref"] in kept]
    return {**document, "components": components, "dependencies": dependencies}


def _run(command: Sequence[str]) -> str:
    environment = tools.environment(os.environ)
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> int:
    packages = shipped(ROOT / "requirements")
    OUT.mkdir(parents=True, exist_ok=True)
    for name, document in documents(_run, packages).items():
        (OUT / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        print(f"out/sbom/{name}.json: {len(document['components'])} components")
    refused = [one for one in packages if not one.allowed]
    for one in refused:
        print(f"{one.name} {one.version}: {one.licence or 'no licence'}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
