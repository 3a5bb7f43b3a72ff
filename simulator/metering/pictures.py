"""A chart that compares bills."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from simulator.metering.bill import Bill

# Okabe and Ito, https://jfly.uni-koeln.de/color/
COLOURS = ("#0072B2", "#56B4E9", "#8C8C8C", "#D55E00", "#E69F00", "#009E73", "#CC79A7", "#F0E442")
_DOTS_PER_INCH = 144


def write(bills: Sequence[Bill], folder: Path, title: str) -> list[Path]:
    """Writes dollars.png and dollars.svg into `folder`, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"dollars.{kind}" for kind in ("png", "svg")]
    with mpl.rc_context({"svg.hashsalt": "topk", "font.size": 10}):
        drawn = picture(bills, title)
        drawn.savefig(paths[0], dpi=_DOTS_PER_INCH)
        drawn.savefig(paths[1], metadata={"Date": None})
    return paths


def picture(bills: Sequence[Bill], title: str) -> Figure:
    """A bar per bill. The naive one has its own scale, so that the others remain visible."""
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    figure.suptitle(title)
    small, large = figure.subplots(1, 2, width_ratios=(2, 1))
    for axes, shown in ((small, bills[:-1]), (large, bills[-1:])):
        names = [bill.name for bill in shown]
        floor = [0.0] * len(shown)
        for what, colour in zip(_charges(bills), COLOURS, strict=False):
            heights = [_usd(bill, what) for bill in shown]
            axes.bar(names, heights, bottom=floor, color=colour, label=what, width=0.6)
            floor = [a + b for a, b in zip(floor, heights, strict=True)]
        for place, bill in enumerate(shown):
            axes.text(place, bill.usd, f"${bill.usd:,.0f}", ha="center", va="bottom")
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(y=0.12)
    small.set_ylabel("dollars a day")
    large.legend(frameon=False, loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure


def _charges(bills: Sequence[Bill]) -> list[str]:
    return list(dict.fromkeys(charge.what for bill in bills for charge in bill.charges))


def _usd(bill: Bill, what: str) -> float:
    return sum(charge.usd for charge in bill.charges if charge.what == what)
