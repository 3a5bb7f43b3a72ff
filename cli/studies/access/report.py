"""The access matrix for people and programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cli.studies.access.observe import Cell
from cli.studies.access.specification import ENDPOINTS, RELATIONS, VISIBILITIES

_HEAD = """# Who may see what

Written by `topk access-matrix`: {held} of {all} cells match
`cli/studies/access/specification.py`. Each was observed at the functions, which verify the token,
at tenants with each rule of following (`host`, `request`, `open`). Cells show the result with a
valid token; where it depends on the rule, each is named. With a token of another tenant, and
without one, every cell is 401 ({refused} cells), except for public lists, which need no token.

`shown`: the owner's list · `left out`: a response without it · `404`: the same response as for a
user who does not exist · `own`: the caller's own data only ·
`following`, `none`: whether the caller follows the owner
"""


def figures(cells: Sequence[Cell]) -> dict[str, Any]:
    return {
        "cells": len(cells),
        "as_specified": sum(cell.holds for cell in cells),
        "otherwise": [asdict(cell) for cell in cells if not cell.holds],
        "matrix": [asdict(cell) | {"specified": cell.specified} for cell in cells],
    }


def write(cells: Sequence[Cell], timing: Mapping[str, Any], to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    told = {"timing": timing, **figures(cells)}
    to.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def page(cells: Sequence[Cell]) -> str:
    """Markdown, a table for each endpoint. A cell that does not match shows the observed value."""
    refused = sum(cell.observed == "401" for cell in cells)
    held = sum(cell.holds for cell in cells)
    parts = [_HEAD.format(held=held, all=len(cells), refused=refused)]
    parts += [_table(cells, endpoint) for endpoint in ENDPOINTS]
    return "\n".join(parts)


def _table(cells: Sequence[Cell], endpoint: str) -> str:
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for cell in cells:
        if (cell.endpoint, cell.token) == (endpoint, "right"):
            text = cell.observed if cell.holds else f"**{cell.observed}!**"
            rules = found.setdefault((cell.relation, cell.visibility), {})
            rules.setdefault(text, []).append(cell.follows)
    shown = {place: _text(rules) for place, rules in found.items()}
    rows = [
        f"| {relation}: {meaning} | "
        + " | ".join(shown[relation, visibility] for visibility in VISIBILITIES)
        + " |"
        for relation, meaning in RELATIONS.items()
    ]
    head = f"| viewer | {' | '.join(VISIBILITIES)} |\n|---|{'---|' * len(VISIBILITIES)}"
    return f"## `{endpoint}`\n\n{head}\n" + "\n".join(rows) + "\n"


def _text(rules: Mapping[str, Sequence[str]]) -> str:
    """One result, or each with the rules of following that lead to it."""
    if len(rules) == 1:
        return next(iter(rules))
    return ", ".join(f"{text} ({', '.join(of)})" for text, of in rules.items())
