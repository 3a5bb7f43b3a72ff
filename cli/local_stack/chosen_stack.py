"""The stack that a command acts on: the running one, or the named one."""

import typer

from cli.failure import CommandFailedError, NotChosenError
from cli.local_stack.stack import LocalStack
from cli.local_stack.state import STACKS, State, load, running


class NothingRunsError(NotChosenError):
    """No stack is running, or not the named one."""


def chosen_stack(name: str | None) -> LocalStack:
    """The stack called `name`; without a name, the only running one. Prints its name on standard
    error; standard output is for the result.

    Raises NothingRunsError if there is none, NotChosenError if several are running, and
    CommandFailedError if it is still being started.
    """
    state = _chosen(name)
    if not state.ready:
        raise CommandFailedError(f"{state.folder.name} is still being started")
    typer.echo(f"Local stack: {state.folder.name}", err=True)
    return LocalStack(state)


def running_stack(name: str | None) -> LocalStack | None:
    """As chosen_stack, but None if no stack is running."""
    try:
        return chosen_stack(name)
    except NothingRunsError:
        return None


def _chosen(name: str | None) -> State:
    if name is not None:
        state = load(STACKS / name)
        if state is None or not state.running:
            raise NothingRunsError(f"{name} is not running; `topk up --name {name}` starts it")
        return state
    match running():
        case []:
            raise NothingRunsError("no local stack is running; `topk up` starts one")
        case [only]:
            return only
        case several:
            names = ", ".join(state.folder.name for state in several)
            raise NotChosenError(f"{names} are running; choose one with --name")
