"""The functions of the service: what each may touch and how large it is."""

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
    """Timeout. An API gives up on its function after 30 s."""
    megabytes: int
    """Memory, and with it CPU: 1769 MB are one core."""
    behind_api: bool = False
    opens_tokens: bool = False
    """Speaks to providers for users, and so uses the token key and the providers' credentials."""
    seals_tokens: bool = False
    """Keeps tokens, and so makes the data keys that they are sealed with."""
    queues_crawls: bool = False
    """Sends to the crawl queues."""
    gives_up_crawls: bool = False
    """Sends to the providers' dead-letter queues."""
    reads_flags: bool = False
    """Asks AppConfig what is switched on. None behind the API: it costs a cold start."""
    takes_pushes: bool = False
    """Verifies what providers push, and so uses the credentials of those that do."""
    indexes: tuple[str, ...] = ()
    """The tables whose index it queries."""
    queues_erasures: bool = False
    """Sends to the queue of erasures."""
    erases: bool = False
    """Takes what is an owner's out of dead-letter queues and the bucket of exports, and marks them
    as erased in the archive."""
    exports: bool = False
    """Writes exports and signs the links to them."""
    archives: bool = False
    """Writes files of the archive, and notes there what is deleted."""
    purges: bool = False
    """Writes files of the archive anew, and queues what it does of a pass."""
    announces: bool = False
    """Puts events on the buses of tenants."""
    for_events: bool = False
    """Is there only where a tenant has a bus."""


SPECS: Mapping[str, Spec] = {
    "connect": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | QUERY | PUT | UPDATE | DELETE,
            "Timetable": BATCH_WRITE,
            "Handshakes": GET | PUT | DELETE,
            "Profiles": GET | UPDATE,
            "DataKeys": GET | PUT,
            "ProviderUsers": QUERY | PUT | UPDATE | DELETE,
            "Plays": QUERY | PUT | BATCH_WRITE,
            "TopLists": GET | QUERY | PUT | BATCH_WRITE,
        },
        seconds=29,
        megabytes=1024,
        behind_api=True,
        opens_tokens=True,
        seals_tokens=True,
        queues_crawls=True,
    ),
    "dispatch": Spec(
        layer="data",
        tables={"Timetable": GET | QUERY | UPDATE},
        seconds=300,
        megabytes=1769,
        queues_crawls=True,
    ),
    "crawl": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | UPDATE,
            "Timetable": BATCH_WRITE,
            "Plays": BATCH_WRITE,
            "DataKeys": GET | PUT,
            "ProviderBudgets": GET | UPDATE,
        },
        seconds=120,
        # It waits more than it computes, and needs some 90 MB with 50 crawls in flight.
        megabytes=512,
        opens_tokens=True,
        seals_tokens=True,
        queues_crawls=True,
        gives_up_crawls=True,
    ),
    "ingest": Spec(
        layer="data",
        tables={"ProviderUsers": BATCH_GET, "Connections": BATCH_GET, "Plays": BATCH_WRITE},
        seconds=29,
        megabytes=1024,
        behind_api=True,
        takes_pushes=True,
    ),
    "aggregate": Spec(
        layer="data",
        tables={
            "Plays": QUERY | BATCH_WRITE,
            "TopLists": GET | BATCH_GET | QUERY | PUT | BATCH_WRITE,
            "Profiles": GET | BATCH_GET,
            "Connections": QUERY,
        },
        seconds=60,
        megabytes=1024,
        reads_flags=True,
    ),
    "archive": Spec(
        layer="archive",
        tables={"Plays": BATCH_GET},
        seconds=300,
        # A core, and 10,000 chunks at once.
        megabytes=1769,
        archives=True,
    ),
    "announce": Spec(
        layer="data",
        tables={"TopLists": BATCH_GET, "Profiles": BATCH_GET},
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
            "Blocks": BATCH_GET,
            "Plays": QUERY,
            "Connections": QUERY | UPDATE,
        },
        seconds=10,
        megabytes=1024,
        behind_api=True,
        queues_crawls=True,
    ),
    "account": Spec(
        layer="data",
        tables={
            "Profiles": GET | UPDATE,
            "Follows": BATCH_GET | PUT | DELETE,
            "Blocks": PUT | DELETE,
            "TopLists": GET | PUT,
            "Plays": QUERY,
            "Connections": QUERY,
        },
        seconds=10,
        megabytes=512,
        behind_api=True,
    ),
    "card": Spec(
        layer="card",
        tables={
            "TopLists": BATCH_GET | GET | PUT,
            "Profiles": BATCH_GET,
            "Plays": QUERY,
            "Connections": QUERY,
        },
        seconds=10,
        # A core: drawing is all computing.
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
            "TopLists": GET,
            "Plays": QUERY,
            "Follows": QUERY,
            "Blocks": QUERY,
        },
        indexes=("Follows", "Handshakes"),
        seconds=29,
        # A core: an export of 105,000 plays is a second of computing.
        megabytes=1769,
        behind_api=True,
        exports=True,
    ),
    "purge": Spec(layer="archive", tables={}, seconds=900, megabytes=1769, purges=True),
    "erase": Spec(
        layer="providers",
        tables={
            "Connections": BATCH_GET | QUERY | DELETE,
            "Timetable": BATCH_WRITE,
            "ProviderUsers": QUERY | UPDATE | DELETE,
            "Handshakes": BATCH_WRITE,
            "Plays": QUERY | BATCH_WRITE,
            "TopLists": QUERY | BATCH_WRITE,
            "Follows": QUERY | DELETE | BATCH_WRITE,
            "Blocks": QUERY | BATCH_WRITE,
            "Profiles": GET | UPDATE | DELETE,
            "DataKeys": GET,
            "Erasures": UPDATE,
        },
        indexes=("Follows", "Blocks", "Handshakes"),
        seconds=300,
        megabytes=1024,
        opens_tokens=True,
        queues_erasures=True,
        erases=True,
        announces=True,
    ),
}
