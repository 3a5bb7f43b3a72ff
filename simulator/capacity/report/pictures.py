"""The charts of a study, in one style and with colours that are safe for colour-blind readers."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from simulator.capacity.population import KINDS
from simulator.capacity.providers import NAMES
from simulator.capacity.simulation import MARK_SECONDS
from simulator.capacity.station import Amounts
from simulator.capacity.study import Study

# Okabe and Ito, https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY, INK = "#56B4E9", "#CC79A7", "#8C8C8C", "#222222"
_BY_PROVIDER = dict(zip(NAMES, (GREEN, RED, BLUE), strict=True))
_BY_KIND = dict(zip((kind.name for kind in KINDS), (BLUE, ORANGE, GREEN, GREY), strict=True))
_MARKS_A_POINT = 30
"""Marks averaged into one point of a curve: five minutes."""


def pictures(study: Study) -> dict[str, Figure]:
    """File name -> chart. Omits charts whose scenarios were not simulated."""
    drawn: dict[str, Callable[[Study], Figure | None]] = {
        "environments": environments,
        "queues": queues,
        "ages": ages,
        "levers": levers,
        "costs": costs,
    }
    found = {name: draw(study) for name, draw in drawn.items()}
    return {name: figure for name, figure in found.items() if figure is not None}


def environments(study: Study) -> Figure | None:
    """Lambda environments that crawl, by provider, on the first day."""
    lanes = _present(study, ("ordinary", "doubled", "provider-down"))
    if not lanes:
        return None
    figure, plots = _row(
        len(lanes), "Lambda environments that crawl at once, first day", alike=True
    )
    for axes, lane in zip(plots, lanes, strict=True):
        seconds = np.diff(
            study.trace.busy_seconds[: 86_400 // MARK_SECONDS, lane], axis=0, prepend=0
        )
        busy = seconds / MARK_SECONDS / study.trace.inputs.batch
        for place, name in enumerate(NAMES):
            hours, mean = _five_minutes(busy[:, place])
            axes.plot(hours, mean, color=_BY_PROVIDER[name], label=_title(name), lw=1.8)
        _entitle(axes, study, lane)
        _clock(axes)
    plots[0].set_ylabel("environments, mean of 5 minutes")
    plots[0].set_ylim(bottom=0)
    plots[0].legend(frameon=False, loc="upper left")
    gigabytes = study.trace.inputs.crawl_function_mb / 1024
    memory = plots[-1].secondary_yaxis(
        "right", functions=(_times(gigabytes), _times(1 / gigabytes))
    )
    memory.set_ylabel("memory configured, GB")
    memory.spines["right"].set_color(GREY)
    return figure


def queues(study: Study) -> Figure | None:
    """Waiting crawls, with the incident shaded and the time at which the queue has caught up."""
    lanes = _present(study, ("spike", "throttled", "provider-down", "dispatcher-down"))
    if not lanes:
        return None
    figure, plots = _row(len(lanes), "Crawls waiting after an incident, first day", alike=True)
    for axes, lane in zip(plots, lanes, strict=True):
        waiting = study.trace.queued[:, lane].sum(axis=1) + study.trace.behind[:, lane]
        hours, mean = _five_minutes(waiting[: 86_400 // MARK_SECONDS] / 1e6)
        axes.fill_between(hours, mean, color=SKY, alpha=0.55, lw=0)
        axes.plot(hours, mean, color=BLUE, lw=1.8)
        incident, behind = study.trace.scenarios[lane].incident, study.answers[lane].catch_up
        if incident is not None:
            axes.axvspan(incident.begins, incident.ends, color=ORANGE, alpha=0.25, lw=0)
        if incident is not None and behind is not None and np.isfinite(behind):
            level = incident.ends + behind / 3600
            axes.axvline(level, color=INK, lw=1, ls=":")
            axes.annotate(
                f"caught up\n{behind / 3600:.1f} h after",
                (level, 0.9),
                (4, 0),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="top",
                size=9,
            )
        _entitle(axes, study, lane)
        _clock(axes)
    plots[0].set_ylabel("crawls waiting, millions")
    plots[0].set_ylim(bottom=0)
    return figure


def ages(study: Study) -> Figure | None:
    """How old the data of the connections are on the last day."""
    looks = {
        "ordinary": (GREEN, "-"),
        "doubled": (SKY, "--"),
        "doubled-same-budgets": (RED, "-"),
        "short": (ORANGE, "-"),
        "scarce": (PURPLE, "-"),
    }
    lanes = _present(study, tuple(looks))
    if not lanes:
        return None
    figure, [axes] = _row(1, "Age of the connections' data on the last day", width=8.5)
    for lane in lanes:
        one = study.answers[lane]
        colour, dashes = looks[one.name]
        shares = np.append(0.0, np.cumsum(one.age_shares))
        axes.plot(np.arange(len(shares)), 100 * shares, dashes, color=colour, lw=2, label=one.name)
    axes.axvline(24, color=INK, lw=1, ls=":")
    axes.annotate("24 h", (24, 3), (4, 0), textcoords="offset points", size=9)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False
    )
    axes.set(xlim=(0, 60), ylim=(0, 101), xlabel="age of the newest crawl, hours")
    axes.set_ylabel("connections at most as old, %")
    return figure


def levers(study: Study) -> Figure | None:
    """What is fresh with budgets that are too small."""
    groups = [
        [lane for lane, one in enumerate(study.answers) if one.name.split("-")[0] == name]
        for name in ("short", "scarce", "quarter")
    ]
    groups = [lanes for lanes in groups if lanes]
    if not groups:
        return None
    figure, plots = _row(
        len(groups),
        "Crawled within 24 h at Spotify when its budget is too small",
        width=6.0,
        height=4.6,
    )
    for axes, lanes in zip(plots, groups, strict=True):
        _lever_rows(axes, study, lanes)
    handles, labels = plots[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    return figure


def _lever_rows(axes: Axes, study: Study, lanes: Sequence[int]) -> None:
    rows = np.arange(len(lanes))[::-1]
    found = [study.answers[lane] for lane in lanes]
    for place, (kind, colour) in enumerate(_BY_KIND.items()):
        shares = [100 * one.fresh_by_kind[kind] for one in found]
        axes.scatter(
            shares,
            rows + 0.15 * (1.5 - place),
            color=colour,
            s=55,
            label=f"{kind} owners",
            marker="osDv"[place],
            zorder=3,
        )
    seen = [100 * one.fresh_seen for one in found]
    axes.barh(rows, seen, color=SKY, alpha=0.45, height=0.62, label="weighted by views", zorder=1)
    axes.set_yticks(rows, [one.says.partition("; ")[2] or "all pulled" for one in found])
    axes.set(xlim=(-3, 104), xlabel="crawled within 24 h, %")
    axes.set_title(found[0].says.partition(";")[0], loc="left", size=11)
    axes.grid(axis="y", visible=False)


def costs(study: Study) -> Figure:
    """Dollars a day, by component."""
    parts = {
        "crawl_lambda": ("crawl (Lambda)", BLUE),
        "aggregate_lambda": ("aggregate (Lambda)", SKY),
        "push": ("push (HTTP API)", PURPLE),
        "sqs": ("SQS", ORANGE),
        "storage": ("storage", GREY),
        "dynamodb_provisioned": ("DynamoDB, provisioned", GREEN),
    }
    wanted = _present(
        study,
        (
            "ordinary",
            "doubled",
            "doubled-same-budgets",
            "short",
            "short-push",
            "scarce",
            "scarce-push",
        ),
    ) or [0]
    figure, [axes] = _row(1, "Ingest, dollars a day", width=8.5, height=0.5 * len(wanted) + 2.2)
    rows, left = np.arange(len(wanted))[::-1], np.zeros(len(wanted))
    for part, (label, colour) in parts.items():
        widths = np.array([study.costs[lane].figures()[part] for lane in wanted])
        axes.barh(rows, widths, left=left, color=colour, label=label, height=0.6)
        left += widths
    on_demand = [study.costs[lane].on_demand for lane in wanted]
    axes.scatter(on_demand, rows, color=INK, marker="|", s=180, label="all, DynamoDB on demand")
    axes.set_yticks(rows, [study.answers[lane].name for lane in wanted])
    axes.set(xlabel="US dollars a day", xlim=(0, 1.08 * max(on_demand)))
    axes.grid(axis="y", visible=False)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    return figure


def _present(study: Study, names: Sequence[str]) -> list[int]:
    return [lane for name in names if (lane := study.lane(name)) is not None]


def _row(
    count: int, title: str, *, width: float = 4.0, height: float = 3.9, alike: bool = False
) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width * count, height), layout="constrained")
    plots = list(figure.subplots(1, count, squeeze=False, sharey=alike)[0])
    figure.suptitle(title, size=13, weight="bold", color=INK, x=0.01, ha="left")
    for axes in plots:
        axes.grid(color="#E3E3E3", lw=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(GREY)
    return figure, plots


def _entitle(axes: Axes, study: Study, lane: int) -> None:
    one = study.answers[lane]
    axes.set_title(f"{one.name}\n{one.says}", loc="left", size=10)


def _clock(axes: Axes) -> None:
    axes.set(xlim=(0, 24), xlabel="hour of the day, UTC")
    axes.set_xticks(range(0, 25, 6))


def _five_minutes(marks: Amounts) -> tuple[Amounts, Amounts]:
    points = marks.reshape(-1, _MARKS_A_POINT).mean(axis=1)
    hours: Amounts = (np.arange(len(points)) + 0.5) * _MARKS_A_POINT * MARK_SECONDS / 3600
    return hours, points


def _times(factor: float) -> Callable[[ArrayLike], ArrayLike]:
    return lambda values: np.asarray(values, dtype=float) * factor


def _title(name: str) -> str:
    return {"spotify": "Spotify", "apple_music": "Apple Music", "youtube": "YouTube"}[name]
