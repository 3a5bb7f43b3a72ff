"""Provider users: the owners of a provider account, one or several."""

import pytest

from tests.fakes import ANNA, BEN
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import ProviderUserModel
from topk.stores.tables.provider_users import ProviderUsers

pytestmark = pytest.mark.usefixtures("tables")

STORE = ProviderUsers()


def test_finds_the_owners_of_connected_accounts() -> None:
    STORE.add("partner", "u-1", ANNA)
    STORE.add("partner", "u-1", ANNA)
    STORE.add("partner", "u-2", BEN)
    STORE.add("another", "u-3", BEN)
    assert STORE.owners("partner", ["u-1", "u-2", "u-3", "u-1"]) == {
        "u-1": {ANNA},
        "u-2": {BEN},
    }


def test_an_account_may_have_several_owners_in_any_tenants() -> None:
    elsewhere = Owner("meadow", "anna")
    for owner in (ANNA, BEN, elsewhere):
        STORE.add("partner", "family", owner)
    STORE.remove("partner", "family", BEN)
    assert STORE.owners("partner", ["family"]) == {"family": {ANNA, elsewhere}}


def test_an_account_without_owners_leaves_no_row() -> None:
    STORE.add("partner", "u-1", ANNA)
    for _ in range(2):
        STORE.remove("partner", "u-1", ANNA)
    assert STORE.owners("partner", ["u-1"]) == {}
    assert list(ProviderUserModel.scan()) == []


def test_removing_an_unknown_owner_removes_no_other() -> None:
    STORE.add("partner", "u-1", ANNA)
    STORE.remove("partner", "u-1", BEN)
    assert STORE.owners("partner", ["u-1"]) == {"u-1": {ANNA}}


def test_more_accounts_than_one_read_takes_are_all_found() -> None:
    for number in range(120):
        STORE.add("partner", f"u-{number}", ANNA)
    assert len(STORE.owners("partner", [f"u-{number}" for number in range(130)])) == 120
