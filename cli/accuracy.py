"""`topk accuracy`: every count against the truth of a simulated world, in virtual time."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.accuracy_run.figures import Tally
from cli.accuracy_run.judgement import Judge, Judgement
from cli.accuracy_run.listening_week import ListeningWeek
from cli.accuracy_run.plan import Plan
from cli.accuracy_run.report import table
from cli.choices import Seed, Users
from simulator.habits import Habits

OUT = Path("out/accuracy.json")
FEWEST_DAYS, MOST_DAYS = 2, 30
SHOWN_FAULTS = 20

Days = Annotated[
    int, typer.Option(min=FEWEST_DAYS, max=MOST_DAYS, help="Days that pass after the first.")
]


def _habits(value: str) -> str:
    try:
        Habits.parse(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return value


ChosenHabits = Annotated[
    str,
    typer.Option(
        callback=_habits,
        help="What providers do: none, usual, all, or names and numbers such as 7,again=0.2.",
    ),
]


def accuracy(
    users: Users = 300, days: Days = 9, seed: Seed = 1, habits: ChosenHabits = "usual"
) -> None:
    """Connect everyone, let days pass, hold every count against the truth.

    Exit code 1 unless every list is exact and nothing is counted twice. Writes out/accuracy.json.
    """
    console = Console()
    began = time.process_time()
    plan = Plan(users=users, days=days, seed=seed, habits=Habits.parse(habits))
    with _bars(console) as progress:
        judged = _judged(plan, progress)
    tally = Tally.of(judged)
    faults = {one.person.owner.key: one.fault for one in judged if one.fault}
    found = {
        "users": users,
        "days": days,
        "seed": seed,
        "habits": habits,
        **tally.figures("daily"),
        "faults": faults,
        "cpu_seconds": round(time.process_time() - began, 2),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(table({"once a day": tally}))
    for who, what in list(faults.items())[:SHOWN_FAULTS]:
        console.print(f"{who}: {what}", style="red", markup=False)
    if not tally.flawless:
        raise typer.Exit(1)


def _judged(plan: Plan, progress: Progress) -> list[Judgement]:
    with ListeningWeek(plan) as week:
        passing = progress.add_task("Let the days pass", total=plan.days)
        week.live(lambda: progress.advance(passing))
        judge = Judge(week)
        comparing = progress.add_task("Compare with the truth", total=len(week.people))
        judged = []
        for person in week.people:
            judged.append(judge.judge(person))
            progress.advance(comparing)
        return judged


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
