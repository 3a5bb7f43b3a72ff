"""Dependencies of the account function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.domain.account.following import Follows
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import BlockModel, FollowModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.graph.graph import Graph
from topk.stores.graph.pairs import Pairs
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.accounts.rate_limit import RateLimit
from topk.usecases.lists.aggregate import ListPorts

NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "profiles",
        "follows",
        "follow_requests",
        "blocks",
        "top_lists",
        "plays",
        "connections",
    ),
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Accounts:
    settings: Settings
    profiles: Profiles
    rate_limit: RateLimit
    follows: Edges
    blocks: Edges
    requests: FollowRequests
    pairs: Pairs
    graph: Graph
    plays: Plays
    connections: Connections
    top_lists: TopLists

    @property
    def lists(self) -> ListPorts:
        return ListPorts(self.plays, self.connections, self.profiles, self.top_lists)

    def follows_of(self, tenant: str) -> Follows:
        """The rule of `tenant`."""
        known = self.settings.tenant(tenant)
        return known.follows if known else Follows.HOST


@lru_cache(maxsize=1)
def accounts() -> Accounts:
    settings = Settings.of(NEEDS)
    connection = bind(settings.tables, region=settings.region)
    return Accounts(
        settings=settings,
        profiles=Profiles(),
        rate_limit=RateLimit(Profiles()),
        follows=Edges(FollowModel),
        blocks=Edges(BlockModel),
        requests=FollowRequests(),
        pairs=Pairs(connection.client),
        graph=Graph(connection),
        plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
        connections=Connections(),
        top_lists=TopLists(),
    )
