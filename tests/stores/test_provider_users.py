"""Provider users: who stands behind an account, also where several do."""

import pytest

from tests.fakes import ANNA, BEN
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import ProviderUserModel
from topk.stores.tables.provider_users import ProviderUsers

pytestmark = pytest.mark.usefixtures("tables")

STORE = ProviderUsers()


def test_finds_the_owners_of_those_accounts_that_are_connected() -> None:
    STORE.add("partner", "u-1", ANNA)
    STORE.add("partner", "u-1", ANNA)
    STORE.add("partner", "u-2", BEN)
    STORE.add("another", "u-3", BEN)
    assert STORE.owners("partner", ["u-1", "u-2", "u-3", "u-1"]) == {
        "u-1": {ANNA},
        "u-2": {BEN},
    }


def test_an_account_may_be_connected_by_several_owners_of_any_tenant() -> None:
    elsewhere = Owner("meadow", "anna")
    for owner in (ANNA, BEN, elsewhere):
        STORE.add("partner", "family", owner)
    STORE.remove("partner", "family", BEN)
    assert STORE.owners("partner", ["family"]) == {"family": {ANNA, elsewhere}}


def test_nothing_is_left_of_an_account_without_owners() -> None:
    STORE.add("partner", "u-1", ANNA)
    for _ in range(2):
        STORE.remove("partner", "u-1", ANNA)
    assert STORE.owners("partner", ["u-1"]) == {}
    assert list(ProviderUserModel.scan()) == []


def test_removing_an_owner_who_was_never_there_takes_nobody_away() -> None:
    STORE.add("partner", "u-1", ANNA)
    STORE.remove("partner", "u-1", BEN)
    assert STORE.owners("partner", ["u-1"]) == {"u-1": {ANNA}}


def test_more_accounts_than_one_read_takes_are_all_found() -> None:
    for number in range(120):
        STORE.add("partner", f"u-{number}", ANNA)
    assert len(STORE.owners("partner", [f"u-{number}" for number in range(130)])) == 120
