"""Many edges and their counts are written atomically."""

import boto3
import pytest

from tests.fakes import ANNA, BEN
from tests.stores.conftest import REGION, TABLES
from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import FollowModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.graph.graph import Graph
from topk.stores.tables.profiles import Profiles

pytestmark = pytest.mark.usefixtures("tables")
CARLA = Owner("harbor", "carla")
BEN_ANNA, CARLA_ANNA, ANNA_BEN = Edge(BEN, ANNA), Edge(CARLA, ANNA), Edge(ANNA, BEN)


@pytest.fixture
def graph() -> Graph:
    for owner in (ANNA, BEN, CARLA):
        Profiles().create(owner)
    return Graph(bind(TABLES, region=REGION))


def test_edges_and_counts_are_written_together(graph: Graph) -> None:
    graph.apply([EdgeChange(edge, True) for edge in (BEN_ANNA, CARLA_ANNA, ANNA_BEN)])
    present = graph.present([BEN_ANNA, ANNA_BEN, Edge(CARLA, BEN)])
    assert present == {BEN_ANNA: None, ANNA_BEN: None}
    assert Edges(FollowModel).page(CARLA, after=None, limit=9) == ([ANNA], None)
    assert (_followers(ANNA), _followers(BEN)) == (2, 1)
    graph.apply([EdgeChange(BEN_ANNA, False), EdgeChange(Edge(CARLA, BEN), True)])
    assert graph.present([BEN_ANNA, CARLA_ANNA]).keys() == {CARLA_ANNA}
    assert (_followers(ANNA), _followers(BEN)) == (1, 2)


@pytest.mark.parametrize("follows", [True, False])
def test_nothing_is_written_if_one_edge_has_changed(graph: Graph, follows: bool) -> None:
    graph.apply([EdgeChange(BEN_ANNA, True)])
    wrong = EdgeChange(BEN_ANNA if follows else Edge(CARLA, BEN), follows)
    with pytest.raises(ConflictError):
        graph.apply([EdgeChange(CARLA_ANNA, True), wrong])
    assert graph.present([BEN_ANNA, CARLA_ANNA]).keys() == {BEN_ANNA}
    assert _followers(ANNA) == 1


def test_an_agreed_edge_becomes_the_hosts_without_being_counted_again(graph: Graph) -> None:
    graph.apply([EdgeChange(BEN_ANNA, True, agreed_at=7)])
    assert graph.present([BEN_ANNA]) == {BEN_ANNA: 7}
    assert list(Edges(FollowModel).agreements(BEN)) == [(ANNA, 7)]
    graph.apply([EdgeChange(BEN_ANNA, True, takes_over=True)])
    assert graph.present([BEN_ANNA]) == {BEN_ANNA: None}
    assert _followers(ANNA) == 1
    for late in (
        EdgeChange(BEN_ANNA, True, takes_over=True),
        EdgeChange(BEN_ANNA, False, agreed_at=7),
    ):
        with pytest.raises(ConflictError):
            graph.apply([late])
    graph.apply([EdgeChange(BEN_ANNA, False)])
    assert _followers(ANNA) == 0


def test_an_edge_written_alone_is_stored_the_same(graph: Graph) -> None:
    Edges(FollowModel).add(BEN, ANNA)
    assert graph.present([BEN_ANNA]) == {BEN_ANNA: None}
    graph.apply([EdgeChange(BEN_ANNA, False)])
    assert Edges(FollowModel).remove(BEN, ANNA) is False


def test_a_full_transaction_is_written(graph: Graph) -> None:
    changes = [
        EdgeChange(Edge(Owner("harbor", f"u{n}"), Owner("harbor", f"v{n}")), True)
        for n in range(50)
    ]
    graph.apply(changes)
    assert len(graph.present(change.edge for change in changes)) == 50


def test_a_failing_table_is_a_storage_failure(graph: Graph) -> None:
    boto3.client("dynamodb", region_name=REGION).delete_table(TableName="Follows")
    with pytest.raises(StoreError):
        graph.apply([EdgeChange(BEN_ANNA, True)])
    with pytest.raises(StoreError):
        graph.present([BEN_ANNA])


def _followers(owner: Owner) -> int:
    profile = Profiles().get(owner)
    return profile.followers if profile else 0
