"""Runs attacks, with all guards or with one removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cli.sandbox.deployment import sandbox
from cli.studies.attacks.attack import Attack, Target
from cli.studies.attacks.targets import SandboxTarget


@dataclass(frozen=True, slots=True)
class Finding:
    """`through` is what got through; empty if the attack was held."""

    attack: Attack
    through: str

    @property
    def held(self) -> bool:
        return not self.through


def run(attacks: Iterable[Attack], target: Target) -> Iterator[Finding]:
    for attack in attacks:
        yield Finding(attack, _through(attack, target))


def in_memory(attack: Attack) -> Finding:
    """The attack on a sandbox of its own."""
    with sandbox():
        return Finding(attack, _through(attack, SandboxTarget()))


def proof(attack: Attack) -> Finding:
    """The attack on a sandbox of its own without the guard; it must get through."""
    with sandbox(), attack.guard.taken_away():
        return Finding(attack, _through(attack, SandboxTarget()))


def _through(attack: Attack, target: Target) -> str:
    try:
        return attack.attempt(target)
    except Exception as error:  # noqa: BLE001 - an attack that fails unexpectedly was not held
        return f"{type(error).__name__}: {error}"[:200]
