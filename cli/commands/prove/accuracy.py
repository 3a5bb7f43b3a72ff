"""`topk accuracy`: compare every count with the simulated world's truth, in virtual time."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cli.choices import Seed, Users
from cli.progress import bars
from cli.studies.accuracy.figures import Comparison, Tally
from cli.studies.accuracy.habit_errors import HabitError, habit_errors
from cli.studies.accuracy.judgement import Judge, Judgement
from cli.studies.accuracy.listening_week import ListeningWeek
from cli.studies.accuracy.plan import Crawling, Plan
from cli.studies.accuracy.report import habits_table, table
from simulator.app import SONGS
from simulator.habits import Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.population import PROVIDERS, build_population

OUT = Path("out/accuracy.json")
SHOWN_FAULTS = 20


def _habits(value: str) -> str:
    try:
        Habits.parse(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return value


Days = Annotated[int, typer.Option(min=2, max=30, help="Number of days to simulate.")]
Heavy = Annotated[
    float, typer.Option(min=0, max=1, help="Share of listeners with 200 plays a day at Spotify.")
]
ChosenHabits = Annotated[
    str,
    typer.Option(
        callback=_habits,
        help="Provider behaviours: none, usual, all, or names and numbers such as 7,again=0.2.",
    ),
]


def accuracy(
    users: Users = 300,
    days: Days = 9,
    habits: ChosenHabits = "all",
    seed: Seed = 1,
    heavy: Heavy = 0.05,
) -> None:
    """Connect every listener, simulate days, and compare every count with the truth.

    The same world is crawled twice: once a day, and with an adaptive cadence. What reports cannot
    tell is shown for each habit by itself. Exit code 1 unless 99.5% of lists are exact, no play
    counts twice that reports tell apart, and no message is a dead letter. Writes
    out/accuracy.json.
    """
    console = Console()
    began = time.process_time()
    plan = Plan(users=users, days=days, seed=seed, habits=Habits.parse(habits), heavy=heavy)
    dead: dict[str, int] = {}
    with bars(console) as progress:
        daily, adaptive = (_judged(plan, crawling, progress, dead) for crawling in Crawling)
        errors = _habit_errors(plan, progress)
    everybody = Comparison(Tally.of(daily), Tally.of(adaptive))
    heavy_ones = Comparison(*(Tally.of(_heavy(judged)) for judged in (daily, adaptive)))
    faults = _faults("daily", daily) | _faults("adaptive", adaptive)
    found = {
        "users": users,
        "days": days,
        "habits": habits,
        "seed": seed,
        **everybody.figures(),
        "heavy": heavy_ones.figures(),
        "habit_errors": [asdict(one) for one in errors],
        "dead_letters": dead,
        "faults": faults,
        "cpu_seconds": round(time.process_time() - began, 2),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(table({"all": everybody, "heavy": heavy_ones}))
    console.print(habits_table(errors))
    for who, what in list(faults.items())[:SHOWN_FAULTS]:
        console.print(f"{who}: {what}", style="red", markup=False, soft_wrap=True)
    if any(dead.values()):
        console.print(f"dead letters: {dead}", style="red", markup=False)
    if not everybody.flawless or any(dead.values()):
        raise typer.Exit(1)


def _judged(
    plan: Plan, crawling: Crawling, progress: Progress, dead: dict[str, int]
) -> list[Judgement]:
    """The judgements of one run; its dead letters go into `dead`."""
    with ListeningWeek(plan, crawling) as week:
        passing = progress.add_task(f"Let days pass, {crawling.value}", total=plan.days)
        week.live(lambda: progress.advance(passing))
        dead[crawling.value] = week.dead_letters
        comparing = progress.add_task("Compare with the truth", total=len(week.people))
        judge = Judge(week)
        judged = []
        for person in week.people:
            judged.append(judge.judge(person))
            progress.advance(comparing)
        return judged


def _habit_errors(plan: Plan, progress: Progress) -> list[HabitError]:
    listeners = build_population(plan.seed, plan.users, PROVIDERS, plan.heavy)
    songs = build_catalogue(plan.seed, SONGS)
    return [
        *progress.track(
            habit_errors(plan, listeners, songs), description="Take each habit by itself"
        )
    ]


def _heavy(judged: list[Judgement]) -> list[Judgement]:
    return [one for one in judged if one.heavy]


def _faults(crawling: str, judged: list[Judgement]) -> dict[str, str]:
    return {
        f"{one.person.owner.key}, {crawling}": one.fault or f"{one.double_counted} counted twice"
        for one in judged
        if one.fault or one.double_counted
    }
