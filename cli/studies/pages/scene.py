"""Users with lists, and a session of one of them at the host app."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from rich.console import Console

from cli.local_stack.stack import STEPS, LocalStack
from cli.progress import shown
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.connecting import await_first_list, connect
from cli.studies.demonstration.people import People, Person

TENANT = "harbor"
LISTENERS = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """`root` is the host app's address; `session` holds the cookies of `user`, who is signed in."""

    root: str
    user: str
    session: dict[str, str]

    @property
    def profile(self) -> str:
        """The address of the user's own list."""
        return f"{self.root}/people/{self.user}"


@contextmanager
def opened(folder: Path, *, seed: int, console: Console) -> Iterator[Scene]:
    """A separate stack in `folder`, on which every user of a tenant has connected an account."""
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=folder, users=LISTENERS, seed=seed, on_step=on_step)
    with stack:
        with console.status("The listeners connect their accounts"):
            scene = _furnished(stack)
        yield scene


def _furnished(stack: LocalStack) -> Scene:
    root = f"{stack.world_url}/host/{TENANT}"
    with httpx2.Client(timeout=30, trust_env=False) as http:
        people = People(stack, http)
        ours = [one for one in people.everyone if one.tenant == TENANT]
        began = {one.user: connect(people, one, Browser(http)) for one in ours}
        # Of those whose provider tells plays at the first look.
        viewer = max((one for one in ours if "spotify" in one.accounts), key=_follows)
        await_first_list(people, viewer, began[viewer.user])
        answer = http.post(f"{root}/session", data={"user": viewer.user})
    return Scene(root, viewer.user, dict(answer.cookies))


def _follows(person: Person) -> int:
    return len(person.follows)
