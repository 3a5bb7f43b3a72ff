"""Writes the results of a study: capacity.json, charts as PNG and SVG, and the report."""

import io
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib as mpl

from simulator.capacity.report.pictures import pictures
from simulator.capacity.report.report import report
from simulator.capacity.report.sheets import sheets
from simulator.capacity.study import Study

_DOTS_PER_INCH = 144


def write(study: Study, out: Path) -> list[Path]:
    """Writes the files into `out`, creating the folder if needed, and returns their paths."""
    folder = out / "capacity"
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {}
    # With a fixed salt, the ids inside an SVG and so the whole file are reproducible.
    with mpl.rc_context({"svg.hashsalt": "topk", "font.size": 10}):
        for name, figure in pictures(study).items():
            figure.savefig(folder / f"{name}.png", dpi=_DOTS_PER_INCH)
            drawing = io.BytesIO()
            figure.savefig(drawing, format="svg", metadata={"Date": None})
            drawings[name] = drawing.getvalue()
            (folder / f"{name}.svg").write_bytes(drawings[name])
    told = folder / "report.html"
    told.write_text(report(study, sheets(study), drawings), encoding="utf-8")
    found = out / "capacity.json"
    found.write_text(json.dumps(figures(study), indent=2, allow_nan=False) + "\n")
    return [found, told, *(folder / f"{name}.png" for name in drawings)]


def figures(study: Study) -> dict[str, Any]:
    """The study as JSON: seconds, shares of 1, dollars a day. Infinite values are null."""
    inputs = asdict(study.trace.inputs)
    return {
        "days": study.trace.days,
        "seed": study.seed,
        "inputs": inputs,
        "prices": {"dated": study.prices.dated, "region": study.prices.region},
        "source": [asdict(row) | {"ratio": row.ratio} for row in study.source],
        "scenarios": {
            one.name: _finite(asdict(one)) | {"usd_a_day": costs.figures()}
            for one, costs in zip(study.answers, study.costs, strict=True)
        },
        "crawl_function_sizes": [asdict(size) for size in study.sizes],
        "tables": [asdict(sheet) for sheet in sheets(study)],
    }


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }
