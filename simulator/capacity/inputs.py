"""The input figures of the simulation, each with its source (inputs.json)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULTS = Path(__file__).with_name("inputs.json")


class BadInputError(Exception):
    """A file of figures cannot be read or is not valid; the message is one line."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Figures by name, as in inputs.json; `origins` gives the source of each.

    Rates are per second, shares are of 1, `_ms` is milliseconds of CPU on one core, `_mb` is
    memory, units are DynamoDB's capacity units.
    """

    users: int
    connections_per_user: float
    crawl_cpu_ms: float
    crawl_resident_mb: float
    aggregate_cpu_ms: float
    dispatch_rows_per_second: float
    write_units_per_crawl: float
    write_units_per_empty_crawl: float
    write_units_per_list: float
    read_units_per_crawl: float
    read_units_per_list: float
    scrobble_cpu_ms: float
    scrobble_batch_cpu_ms: float
    pushed_accounts: float
    read_cpu_ms: float
    feed_cpu_ms: float
    read_function_mb: int
    batch: int
    crawl_function_mb: int
    aggregate_function_mb: int
    scrobble_function_mb: int
    failures: float
    budget_headroom: float
    provider_tolerance: float
    push_share: float
    express_share: float
    origins: Mapping[str, str]


def read_inputs(*measured: Path, users: int | None = None) -> Inputs:
    """The defaults, replaced by the figures in the JSON files `measured` that exist.

    Later files override earlier ones. Raises BadInputError.
    """
    files = [(path, _object(path)) for path in measured if path.exists()]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, entry in _object(DEFAULTS).items():
        values[name], origins[name] = entry["value"], entry["from"]
        for path, tree in files:
            found = _at(tree, entry.get("bench", ""))
            if found is None:
                continue
            if not (isinstance(found, int | float) and found >= 0):
                raise BadInputError(f"{path}: {entry['bench']} must be a number, found {found!r}")
            values[name], origins[name] = found, f"measured: {path.name}"
    if users is not None:
        values["users"], origins["users"] = users, "--users"
    return Inputs(**values, origins=origins)


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path}: {error}") from error
    if not isinstance(found, dict):
        raise BadInputError(f"{path}: must be a JSON object")
    return found


def _at(tree: Any, path: str) -> Any:
    for name in path.split("."):
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree
