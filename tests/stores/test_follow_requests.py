"""Requests to follow, and how pairs of users stand, as stored."""

from typing import Any

import boto3
import pytest

from tests.fakes import ANNA, BEN, NOON
from tests.stores.conftest import REGION
from topk.domain.account.edge import Edge
from topk.domain.account.following import FollowRequest, Pair
from topk.domain.account.profile import Profile
from topk.domain.errors import StoreError
from topk.domain.limits import REQUEST_SECONDS
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.stores.dynamodb.models import BlockModel, FollowModel, FollowRequestModel
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.graph.pairs import MOST_PAIRS, Pairs
from topk.stores.tables.profiles import Profiles

pytestmark = pytest.mark.usefixtures("tables")
BEN_ANNA = Edge(BEN, ANNA)


def _sent(now: int = NOON) -> list[FollowRequest]:
    return FollowRequests().sent(BEN, now=now)


def test_a_repeated_request_keeps_its_time_until_it_expires() -> None:
    store = FollowRequests()
    store.ask(BEN_ANNA, now=NOON)
    store.ask(BEN_ANNA, now=NOON + 60)
    assert _sent() == [FollowRequest(BEN_ANNA, NOON)]
    late = NOON + REQUEST_SECONDS
    assert _sent(late) == []
    store.ask(BEN_ANNA, now=late)
    assert _sent(late) == [FollowRequest(BEN_ANNA, late)]


def test_only_a_declined_request_survives_its_withdrawal() -> None:
    store = FollowRequests()
    store.ask(BEN_ANNA, now=NOON)
    store.withdraw(BEN_ANNA)
    store.withdraw(BEN_ANNA)
    store.decline(BEN_ANNA)
    assert list(FollowRequestModel.scan()) == []
    store.ask(BEN_ANNA, now=NOON)
    store.decline(BEN_ANNA)
    store.withdraw(BEN_ANNA)
    assert _sent() == [FollowRequest(BEN_ANNA, NOON, declined=True, withdrawn=True)]
    store.ask(BEN_ANNA, now=NOON + 60)
    assert _sent() == [FollowRequest(BEN_ANNA, NOON, declined=True)]
    store.remove(BEN_ANNA)
    store.remove(BEN_ANNA)
    assert _sent() == []


def test_received_requests_are_listed_page_by_page_within_the_tenant() -> None:
    store = FollowRequests()
    askers = [Owner("harbor", f"user-{number:02}") for number in range(45)]
    for asker in askers:
        store.ask(Edge(asker, ANNA), now=NOON)
    store.ask(Edge(Owner("meadow", "ben"), Owner("meadow", ANNA.user)), now=NOON)
    seen: list[Owner] = []
    after: str | None = None
    while True:
        page, after = store.received(ANNA, after=after, limit=20)
        seen += page
        if after is None:
            break
    assert seen == askers


def test_the_requests_of_and_to_an_owner_are_erased_and_no_others() -> None:
    store = FollowRequests()
    carla = Owner("harbor", "carla")
    for edge in (BEN_ANNA, Edge(ANNA, BEN), Edge(carla, BEN)):
        store.ask(edge, now=NOON)
    assert list(store.pointing_at(ANNA)) == [BEN]
    assert sum(store.erase(ANNA)) == 2
    assert [(row.owner, row.other) for row in FollowRequestModel.scan()] == [(carla.key, BEN.user)]


class _Counted:
    """A DynamoDB client that counts calls."""

    def __init__(self) -> None:
        self._client = boto3.client("dynamodb", region_name=REGION)
        self.calls = 0

    def batch_get_item(self, **asked: Any) -> Any:
        self.calls += 1
        return self._client.batch_get_item(**asked)


def test_pairs_are_read_in_one_round_trip() -> None:
    client = _Counted()
    carla, dora = Owner("harbor", "carla"), Owner("harbor", "dora")
    Profiles().put(ANNA, Profile(Visibility.PUBLIC))
    FollowModel(BEN.key, ANNA.user, agreed_at=NOON).save()
    Edges(FollowModel).add(BEN, carla)
    Edges(BlockModel).add(carla, BEN)
    FollowRequests().ask(Edge(BEN, dora), now=NOON)
    edges = [Edge(BEN, other) for other in (ANNA, carla, dora)]
    assert Pairs(client).of(edges, now=NOON) == [
        Pair(edges[0], Profile(Visibility.PUBLIC), follows=True, agreed_at=NOON),
        Pair(edges[1], follows=True, blocked=True),
        Pair(edges[2], request=FollowRequest(edges[2], NOON)),
    ]
    (expired,) = Pairs(client).of(edges[2:], now=NOON + REQUEST_SECONDS)
    assert expired == Pair(edges[2])
    Pairs(client).of([Edge(Owner("harbor", f"u{n}"), ANNA) for n in range(MOST_PAIRS)], now=NOON)
    assert client.calls == 3


def test_a_failing_table_is_a_storage_failure() -> None:
    boto3.client("dynamodb", region_name=REGION).delete_table(TableName="FollowRequests")
    store = FollowRequests()
    for act in (
        lambda: store.ask(BEN_ANNA, now=NOON),
        lambda: store.withdraw(BEN_ANNA),
        lambda: store.sent(BEN, now=NOON),
        lambda: store.received(ANNA, after=None, limit=1),
        lambda: Pairs(boto3.client("dynamodb", region_name=REGION)).of([BEN_ANNA], now=NOON),
    ):
        with pytest.raises(StoreError):
            act()
