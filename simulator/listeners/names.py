"""Invented titles, artists, places and people."""

import json
from pathlib import Path

from simulator.listeners.dice import Dice

_WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
ADJECTIVES: list[str] = _WORDS["adjectives"]
NOUNS: list[str] = _WORDS["nouns"]
VERBS: list[str] = _WORDS["verbs"]
PLACES: list[str] = _WORDS["places"]
VENUES: list[str] = _WORDS["venues"]
FIRST_NAMES: list[str] = _WORDS["first_names"]
LAST_NAMES: list[str] = _WORDS["last_names"]
_FOREIGN_ARTISTS: list[str] = _WORDS["foreign_artists"]
_JOINED: dict[str, list[str]] = _WORDS["joined"]


def title(dice: Dice) -> str:
    """A song's title without a version. One in eight is not English."""
    if dice.chance(1 / 8):
        joint, words = dice.pick(tuple(_JOINED.items()))
        return joint.join(dice.shuffled(words)[:2])
    adjective, noun, other = dice.pick(ADJECTIVES), dice.pick(NOUNS), dice.pick(NOUNS)
    verb, place = dice.pick(VERBS), dice.pick(PLACES)
    return dice.pick(
        (
            f"{adjective} {noun}",
            f"{adjective} {noun}",
            f"{noun} & {other}",
            f"{noun} in the {other}",
            f"{verb} the {noun}",
            f"{verb} Me in {place}",
            f"{noun} for {place}",
            f"Don't {verb} My {noun}",
            f"{verb} Me (Before the {noun})",
        )
    )


def artists(dice: Dice, count: int) -> list[str]:
    """Distinct names of artists: people, bands, bands with an ampersand, other scripts."""
    found = dict.fromkeys(_FOREIGN_ARTISTS[: count // 4])
    while len(found) < count:
        adjective, noun = dice.pick(ADJECTIVES), dice.pick(NOUNS)
        found[
            dice.pick(
                (
                    f"{dice.pick(FIRST_NAMES)} {dice.pick(LAST_NAMES)}",
                    f"{dice.pick(FIRST_NAMES)} {dice.pick(LAST_NAMES)}",
                    f"The {adjective} {noun}s",
                    f"{adjective} {noun}",
                    f"{noun} & {dice.pick(NOUNS)}",
                    f"DJ {noun}",
                )
            )
        ] = None
    return dice.shuffled(list(found))


def album(dice: Dice) -> str:
    return dice.pick(
        (
            f"{dice.pick(ADJECTIVES)} {dice.pick(NOUNS)}s",
            f"Songs from {dice.pick(PLACES)}",
            f"The {dice.pick(NOUNS)} Tapes",
            f"{dice.pick(NOUNS)} {dice.whole(2, 9)}",
        )
    )
