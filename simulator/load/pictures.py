"""Charts of a load run: the distribution of latencies, and their course over the run."""

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.load.results import Result, quantile

# Okabe and Ito, https://jfly.uni-koeln.de/color/
BLUE, ORANGE, RED, GREY = "#0072B2", "#E69F00", "#D55E00", "#8C8C8C"
TARGET_MS = 200
_BARS = 60
_DOTS_PER_INCH = 144


def write(results: Sequence[Result], folder: Path, title: str) -> list[Path]:
    """Writes latency.png and latency.svg into `folder`, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"latency.{kind}" for kind in ("png", "svg")]
    with mpl.rc_context({"svg.hashsalt": "topk", "font.size": 10}):
        drawn = picture(results, title)
        drawn.savefig(paths[0], dpi=_DOTS_PER_INCH)
        drawn.savefig(paths[1], metadata={"Date": None})
    return paths


def picture(results: Sequence[Result], title: str) -> Figure:
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    spread, course = figure.subplots(1, 2)
    figure.suptitle(title)
    measured = [one for one in results if not one.warms]
    _spread(spread, [one.latency * 1000 for one in measured])
    _course(course, measured)
    for axes in (spread, course):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _spread(axes: Axes, latencies: Sequence[float]) -> None:
    low, high = math.log10(max(0.5, min(latencies))), math.log10(max(*latencies, TARGET_MS) * 1.1)
    axes.hist(latencies, bins=list(np.logspace(low, high, _BARS)), color=BLUE)
    axes.set_xscale("log")
    ordered = sorted(latencies)
    for share, colour in ((0.5, ORANGE), (0.99, RED)):
        at = quantile(ordered, share)
        axes.axvline(at, color=colour, lw=1.5, label=f"p{share * 100:.0f} {at:.0f} ms")
    axes.axvline(TARGET_MS, color=GREY, ls="--", lw=1.5, label=f"target {TARGET_MS} ms")
    axes.set_xlabel("latency from the intended start, ms")
    axes.set_ylabel("requests")
    axes.legend(frameon=False)


def _course(axes: Axes, measured: Sequence[Result]) -> None:
    seconds: dict[int, list[float]] = defaultdict(list)
    for one in measured:
        seconds[int(one.at)].append(one.latency * 1000)
    moments = sorted(seconds)
    for share, colour, name in ((0.5, ORANGE, "median"), (1.0, RED, "slowest")):
        values = [quantile(sorted(seconds[at]), share) for at in moments]
        axes.plot(moments, values, color=colour, lw=1.5, label=name)
    axes.axhline(TARGET_MS, color=GREY, ls="--", lw=1.5)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("second of the run")
    axes.set_ylabel("latency in that second, ms")
    axes.legend(frameon=False)
