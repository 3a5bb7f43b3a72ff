"""The suite of attacks: complete against the document, held, and able to fail."""

import pytest

from cli.studies.attacks import growth
from cli.studies.attacks.catalogue import ATTACKS
from cli.studies.attacks.document import PAGE, written
from cli.studies.attacks.flood import USUAL, floods
from cli.studies.attacks.growth import BROUGHT, Cost, costs
from cli.studies.attacks.run import in_memory, proof

BY_NAME = {attack.name: attack for attack in ATTACKS}


def test_the_document_has_the_table_of_the_catalogue() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "python -m cli.studies.attacks.document"
    assert all(f"| `{name}` |" in text for name in BY_NAME)


def test_attacks_have_names_of_their_own_and_a_known_outcome() -> None:
    assert len(BY_NAME) == len(ATTACKS) >= 40
    assert {attack.expected for attack in ATTACKS} == {"blocked", "held", "cost"}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_attack_is_held_and_gets_through_without_its_guard(name: str) -> None:
    assert in_memory(BY_NAME[name]).through == ""
    assert not proof(BY_NAME[name]).held


def test_what_an_owner_brings_costs_at_most_n_log_n() -> None:
    found = costs(sizes=(40, 400))
    assert [one.brought for one in found] == list(BROUGHT)
    assert [one for one in found if not one.grows_slowly] == []


def test_a_cost_that_grows_with_the_square_is_noticed() -> None:
    sizes = growth.SIZES
    assert not Cost("pairs", tuple(size * size for size in sizes), sizes).grows_slowly
    assert Cost("plays", sizes, sizes).grows_slowly


def test_a_flood_of_cards_takes_no_room_from_others_only_because_of_its_reservation() -> None:
    found = floods()
    usual = {load.name for load in USUAL}
    assert {found["with reserved concurrency"][name] for name in usual} == {0}
    assert found["with reserved concurrency"]["card"] > 0
    assert sum(found["without it"][name] for name in usual) > 0
