"""The functions of the service: what each may touch and how large it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra_cdk.access import Access

READ, READ_UPDATE = Access.READ, Access.READ_UPDATE
APPEND, READ_WRITE = Access.APPEND, Access.READ_WRITE
REPLACE, NOTE = Access.REPLACE, Access.NOTE
ERASE, WITHDRAW = Access.ERASE, Access.WITHDRAW


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
    seals_tokens: bool = False
    """Opens and seals tokens, and so uses the token key and the providers' credentials."""
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


SPECS: Mapping[str, Spec] = {
    "connect": Spec(
        layer="providers",
        tables={
            "Connections": READ_WRITE,
            "Timetable": READ_WRITE,
            "Handshakes": READ_WRITE,
            "Profiles": READ_WRITE,
            "DataKeys": READ_WRITE,
            "ProviderUsers": READ_WRITE,
            "Plays": REPLACE,
            "TopLists": READ_WRITE,
        },
        seconds=29,
        megabytes=1024,
        behind_api=True,
        seals_tokens=True,
        queues_crawls=True,
    ),
    "dispatch": Spec(
        layer="data",
        tables={"Timetable": READ_WRITE},
        seconds=300,
        megabytes=1769,
        queues_crawls=True,
    ),
    "crawl": Spec(
        layer="providers",
        tables={
            "Connections": READ_WRITE,
            "Timetable": APPEND,
            "Plays": APPEND,
            "DataKeys": READ_WRITE,
            "ProviderBudgets": READ_WRITE,
        },
        seconds=120,
        # It waits more than it computes, and needs some 100 MB with 50 crawls in flight.
        megabytes=512,
        seals_tokens=True,
        queues_crawls=True,
        gives_up_crawls=True,
    ),
    "ingest": Spec(
        layer="data",
        tables={"ProviderUsers": READ, "Connections": READ, "Plays": APPEND},
        seconds=29,
        megabytes=1024,
        behind_api=True,
        takes_pushes=True,
    ),
    "aggregate": Spec(
        layer="data",
        tables={"Plays": REPLACE, "TopLists": READ_WRITE, "Profiles": READ, "Connections": READ},
        seconds=60,
        megabytes=1024,
        reads_flags=True,
    ),
    "read": Spec(
        layer="data",
        tables={
            "TopLists": READ_WRITE,
            "Profiles": READ,
            "Follows": READ,
            "Blocks": READ,
            "Plays": READ,
            "Connections": READ_UPDATE,
        },
        seconds=10,
        megabytes=1024,
        behind_api=True,
        queues_crawls=True,
    ),
    "account": Spec(
        layer="data",
        tables={
            "Profiles": READ_WRITE,
            "Follows": READ_WRITE,
            "Blocks": READ_WRITE,
            "TopLists": READ_WRITE,
            "Plays": READ,
            "Connections": READ,
        },
        seconds=10,
        megabytes=512,
        behind_api=True,
    ),
    "card": Spec(
        layer="card",
        tables={
            "TopLists": READ_WRITE,
            "Profiles": READ,
            "Plays": READ,
            "Connections": READ,
        },
        seconds=10,
        # A core: drawing is all computing.
        megabytes=1769,
        behind_api=True,
    ),
    "privacy": Spec(
        layer="data",
        tables={
            "Profiles": NOTE,
            "Plays": REPLACE,
            "TopLists": READ_WRITE,
            "Connections": READ,
            "Erasures": NOTE,
        },
        seconds=29,
        megabytes=1769,
        behind_api=True,
        queues_erasures=True,
    ),
    "export": Spec(
        layer="data",
        tables={
            "Profiles": NOTE,
            "Connections": READ,
            "ProviderUsers": READ,
            "Timetable": READ,
            "Handshakes": READ,
            "TopLists": READ,
            "Plays": READ,
            "Follows": READ,
            "Blocks": READ,
        },
        indexes=("Follows", "Handshakes"),
        seconds=29,
        # A core: an export of 105,000 plays is a second of computing.
        megabytes=1769,
        behind_api=True,
        exports=True,
    ),
    "erase": Spec(
        layer="providers",
        tables={
            "Connections": WITHDRAW,
            "Timetable": ERASE,
            "ProviderUsers": WITHDRAW,
            "Handshakes": ERASE,
            "Plays": ERASE,
            "TopLists": ERASE,
            "Follows": ERASE,
            "Blocks": ERASE,
            "Profiles": WITHDRAW,
            "DataKeys": READ,
            "Erasures": NOTE,
        },
        indexes=("Follows", "Blocks", "Handshakes"),
        seconds=300,
        megabytes=1024,
        seals_tokens=True,
        queues_erasures=True,
        erases=True,
    ),
}
