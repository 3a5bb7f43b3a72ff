"""The functions of the service: permissions and size of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra_cdk.functions.access import Access

GET, BATCH_GET, QUERY = Access.GET, Access.BATCH_GET, Access.QUERY
PUT, BATCH_WRITE = Access.PUT, Access.BATCH_WRITE
UPDATE, DELETE = Access.UPDATE, Access.DELETE


@dataclass(frozen=True, slots=True)
class Spec:
    """A function. `layer` is its group of dependencies (requirements/<layer>.txt)."""

    layer: str
    tables: Mapping[str, Access]
    seconds: int
    """Timeout in seconds. API Gateway's limit is 30 s."""
    megabytes: int
    """Memory, and with it CPU: 1769 MB are one core. `topk starts` measures what that means."""
    behind_api: bool = False
    opens_tokens: bool = False
    """Calls providers for users, with the token key and the providers' credentials."""
    seals_tokens: bool = False
    """Stores tokens, and creates the data keys that seal them."""
    queues_crawls: bool = False
    """Sends to the crawl queues."""
    gives_up_crawls: bool = False
    """Sends to the providers' dead-letter queues."""
    gives_up_lists: bool = False
    """Sends to the dead-letter queue of the stream of plays."""
    reads_flags: bool = False
    """Reads flags from AppConfig. No function behind the API does, because it slows cold starts."""
    takes_pushes: bool = False
    """Verifies pushes, with the credentials of providers that push."""
    takes_scrobbles: bool = False
    """Verifies players' calls: makes and opens personal tokens, and derives tenants' keys for the
    Last.fm protocol.
    """
    indexes: tuple[str, ...] = ()
    """Tables whose index the function queries."""
    queues_erasures: bool = False
    """Sends to the queue of erasures."""
    erases: bool = False
    """Removes an owner's data from dead-letter queues and the exports bucket, and marks the owner
    in the archive.
    """
    begins_imports: bool = False
    """Signs the forms by which histories are uploaded, and queues imports."""
    reads_uploads: bool = False
    """Reads uploaded histories, and queues the rest of one."""
    exports: bool = False
    """Writes exports and signs the links to them."""
    archives: bool = False
    """Writes archive files and records deletions there."""
    purges: bool = False
    """Rewrites archive files, and queues the pieces of a pass."""
    queues_itself: bool = False
    """Sends to a queue that triggers it: crawls that are polled, pieces of a pass, sweeps. Lambda
    would stop such a chain after about 16 messages.
    """
    knows_budgets: bool = False
    """Knows the providers' budgets, and none of their secrets."""
    announces: bool = False
    """Publishes events on tenants' buses."""
    for_events: bool = False
    """Deployed only if a tenant has a bus."""
    is_traced: bool = True
    """Records traces of its own. Lambda samples 5% of the invocations, at no other rate. Otherwise
    it records only what a caller asks to be traced.
    """
    shifts: bool = False
    """Events move to a new version step by step, as requests do."""

    @property
    def has_canary(self) -> bool:
        return self.behind_api or self.shifts


SPECS: Mapping[str, Spec] = {
    "connect": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | QUERY | PUT | UPDATE | DELETE,
            "Timetable": BATCH_WRITE,
            "Handshakes": GET | BATCH_GET | PUT | DELETE,
            "Profiles": GET | UPDATE,
            "DataKeys": GET | PUT,
            "ProviderUsers": QUERY | PUT | UPDATE | DELETE,
            "Plays": QUERY | PUT | BATCH_WRITE,
            "TopLists": GET | QUERY | PUT | BATCH_WRITE,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        indexes=("Handshakes",),
        seconds=29,
        megabytes=512,
        behind_api=True,
        opens_tokens=True,
        seals_tokens=True,
        queues_crawls=True,
    ),
    "dispatch": Spec(
        layer="data",
        tables={
            "Timetable": BATCH_GET | QUERY | UPDATE,
            "ProviderBudgets": BATCH_GET | UPDATE,
            "Tenants": GET,
        },
        seconds=300,
        megabytes=1769,
        queues_crawls=True,
        knows_budgets=True,
        shifts=True,
    ),
    "crawl": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | UPDATE,
            "Timetable": BATCH_WRITE,
            "Plays": QUERY | BATCH_WRITE,
            "DataKeys": GET | PUT,
            "ProviderBudgets": GET | UPDATE,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        seconds=120,
        # It waits more than it computes, and needs about 90 MB for 50 crawls in flight.
        megabytes=512,
        opens_tokens=True,
        seals_tokens=True,
        queues_crawls=True,
        gives_up_crawls=True,
        queues_itself=True,
        shifts=True,
    ),
    "ingest": Spec(
        layer="data",
        tables={
            "ProviderUsers": BATCH_GET,
            "Connections": BATCH_GET,
            "Plays": BATCH_WRITE,
            "Tenants": GET,
        },
        seconds=29,
        megabytes=512,
        behind_api=True,
        takes_pushes=True,
    ),
    "scrobble": Spec(
        layer="providers",
        tables={
            "PersonalTokens": GET | BATCH_GET | PUT | UPDATE | DELETE,
            "Profiles": GET | UPDATE,
            "DataKeys": GET | PUT,
            "Plays": QUERY | BATCH_WRITE,
            "TopLists": GET | QUERY | PUT | BATCH_WRITE,
            "Connections": QUERY,
            "Imports": GET | QUERY | PUT,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        indexes=("PersonalTokens",),
        seconds=29,
        megabytes=512,
        behind_api=True,
        takes_scrobbles=True,
        begins_imports=True,
    ),
    "imports": Spec(
        layer="data",
        tables={
            "Imports": GET | PUT,
            "Plays": QUERY | BATCH_WRITE,
            "Profiles": GET,
            "Tenants": GET,
        },
        seconds=900,
        # A core: reading is CPU-bound. It uses 256 MB at most (`topk drill --imports`).
        megabytes=1769,
        reads_uploads=True,
        queues_itself=True,
    ),
    "aggregate": Spec(
        layer="data",
        tables={
            "Plays": QUERY | BATCH_WRITE,
            "TopLists": GET | BATCH_GET | QUERY | PUT | BATCH_WRITE,
            "Profiles": GET | BATCH_GET,
            "Connections": QUERY,
            "Tenants": GET,
        },
        seconds=60,
        megabytes=1024,
        gives_up_lists=True,
        reads_flags=True,
        shifts=True,
    ),
    "archive": Spec(
        layer="archive",
        tables={"Plays": BATCH_GET},
        seconds=300,
        # A core, and memory for 10,000 chunks.
        megabytes=1769,
        archives=True,
    ),
    "announce": Spec(
        layer="data",
        tables={
            "TopLists": BATCH_GET,
            "Profiles": BATCH_GET,
            "Tenants": GET,
        },
        seconds=60,
        megabytes=512,
        announces=True,
        for_events=True,
    ),
    "read": Spec(
        layer="data",
        tables={
            "TopLists": BATCH_GET | GET | PUT,
            "Profiles": BATCH_GET,
            "Follows": BATCH_GET | QUERY,
            "Blocks": BATCH_GET | QUERY,
            "Plays": QUERY,
            "Connections": QUERY | UPDATE,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        indexes=("Blocks",),
        seconds=10,
        # It waits for tables most of the time, and waiting memory is paid for: a core would cost
        # twice as much (`topk cost`) and save a millisecond of a usual read.
        megabytes=512,
        behind_api=True,
        queues_crawls=True,
        # At 500M reads a day, traces would cost as much as the reads' time does five times over.
        is_traced=False,
    ),
    "account": Spec(
        layer="data",
        tables={
            "Profiles": GET | BATCH_GET | UPDATE,
            "Follows": BATCH_GET | QUERY | PUT | DELETE,
            "FollowRequests": BATCH_GET | QUERY | PUT | UPDATE | DELETE,
            "Blocks": BATCH_GET | QUERY | PUT | DELETE,
            "TopLists": GET | PUT,
            "Plays": QUERY | BATCH_WRITE,
            "Connections": QUERY,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        indexes=("Follows", "FollowRequests"),
        seconds=10,
        megabytes=1024,
        behind_api=True,
    ),
    "card": Spec(
        layer="card",
        tables={
            "TopLists": BATCH_GET | GET | PUT,
            "Profiles": BATCH_GET,
            "Plays": QUERY,
            "Connections": QUERY,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        seconds=10,
        # A core: drawing is CPU-bound.
        megabytes=1769,
        behind_api=True,
    ),
    "privacy": Spec(
        layer="data",
        tables={
            "Profiles": GET | UPDATE,
            "Plays": QUERY | PUT | BATCH_WRITE,
            "TopLists": GET | QUERY | PUT | BATCH_WRITE,
            "Connections": QUERY,
            "Erasures": GET | UPDATE,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        seconds=29,
        megabytes=1769,
        behind_api=True,
        queues_erasures=True,
    ),
    "export": Spec(
        layer="data",
        tables={
            "Profiles": GET | UPDATE,
            "Connections": QUERY,
            "ProviderUsers": QUERY,
            "Timetable": BATCH_GET,
            "Handshakes": BATCH_GET,
            "PersonalTokens": BATCH_GET,
            "TopLists": GET,
            "Plays": QUERY,
            "Imports": QUERY,
            "Follows": QUERY,
            "FollowRequests": QUERY,
            "Blocks": QUERY,
            "Tenants": GET,
            "TenantRates": UPDATE,
        },
        indexes=("Follows", "FollowRequests", "Handshakes", "PersonalTokens"),
        seconds=29,
        # A core: an export of 105,000 plays takes a second of CPU.
        megabytes=1769,
        behind_api=True,
        exports=True,
    ),
    "purge": Spec(
        layer="archive",
        tables={},
        seconds=900,
        megabytes=1769,
        purges=True,
        queues_itself=True,
    ),
    "erase": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | QUERY | DELETE,
            "Timetable": BATCH_WRITE,
            "ProviderUsers": QUERY | UPDATE | DELETE,
            "Handshakes": BATCH_WRITE,
            "PersonalTokens": BATCH_WRITE,
            "Imports": QUERY | BATCH_WRITE,
            "Plays": QUERY | BATCH_WRITE,
            "TopLists": QUERY | BATCH_WRITE,
            "Follows": BATCH_GET | QUERY | DELETE | BATCH_WRITE,
            "FollowRequests": QUERY | BATCH_WRITE,
            "Blocks": QUERY | BATCH_WRITE,
            "Profiles": GET | UPDATE | DELETE,
            "DataKeys": GET,
            "Erasures": UPDATE,
            "Tenants": GET,
        },
        indexes=("Follows", "FollowRequests", "Blocks", "Handshakes", "PersonalTokens"),
        seconds=300,
        megabytes=1024,
        opens_tokens=True,
        queues_erasures=True,
        queues_itself=True,
        erases=True,
        announces=True,
    ),
}
