"""Records every poll of an account, and whether its result was stored.

A poll counts if its chunk or its checkpoint is stored. For an account without play times only the
checkpoint counts, since the next poll is compared with it. A poll has two times: the recorded one,
from its message, and the actual one, at which the provider answered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from simulator.aws.dynamodb.changes import Change
from simulator.aws.dynamodb.item_size import Item
from topk.domain.account.connection import Connection
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.stores.codecs.chunk_format import decode
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.tables.markers import FIRST
from topk.usecases.crawling.fetch_plays import Crawled, Failed, Reader

Account = tuple[str, str]
"""An owner's key and a provider."""


@dataclass(frozen=True, slots=True)
class Poll:
    """`recorded`, `actual`, `through` and `connected_at` are epoch seconds."""

    recorded: int
    actual: float
    plays: frozenset[Play]
    checkpoint: str
    through: int
    connected_at: int


class Observed:
    """`now` returns the world's time (epoch seconds)."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._polls: dict[Account, list[Poll]] = defaultdict(list)
        self._saved: dict[Account, set[int]] = defaultdict(set)
        self._stored: dict[Account, set[tuple[int, frozenset[Play]]]] = defaultdict(set)
        self._furthest: dict[Account, tuple[int, int]] = {}
        self.undone: list[str] = []
        """Descriptions of writes that an older writer has overwritten."""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While active, records each poll of an account."""
        read = Reader.read

        async def noted(reader: Reader, connection: Connection) -> Crawled | Failed:
            result = await read(reader, connection)
            if isinstance(result, Crawled):
                self._note(connection, result, reader.now)
            return result

        with patch.object(Reader, "read", noted):
            yield

    def written(self, change: Change) -> None:
        """Marks the poll as stored if the write is its chunk or its checkpoint."""
        after = change.after
        if after and change.table == "connections":
            self._mark_saved(change.before, after)
        elif after and change.table == "plays" and _is_chunk(after["chunk"]["S"]):
            moment, provider, _ = after["chunk"]["S"].split("#")
            plays = frozenset(decode(after["body"]["B"], provider))
            self._stored[after["owner"]["S"], provider].add((int(moment), plays))

    def _mark_saved(self, before: Item | None, after: Item) -> None:
        account = (after["owner"]["S"], after["provider"]["S"])
        self._compare(account, after, created=before is None)
        checkpoint = after.get("checkpoint", {}).get("S", "")
        connected_at = int(after["connected_at"]["N"])
        for number, poll in reversed(list(enumerate(self._polls[account]))):
            if (poll.checkpoint, poll.connected_at) == (checkpoint, connected_at):
                self._saved[account].add(number)
                return

    def _compare(self, account: Account, row: Item, *, created: bool) -> None:
        """Records an error if an older connection or an older checkpoint was written.

        A row that is `created` for a known connection was disconnected by its user, and a crawl
        wrote it again.
        """
        reached = int(row["connected_at"]["N"]), int(row["crawled_through"]["N"])
        before = self._furthest.get(account, (0, 0))
        if reached < before or (created and reached[0] == before[0]):
            self.undone.append(f"{' '.join(account)}: an outdated crawl overwrote newer data")
        self._furthest[account] = reached

    def saved(self, owner: Owner, provider: str) -> list[Poll]:
        """The polls whose checkpoint was stored, in order."""
        account = (owner.key, provider)
        return [self._polls[account][number] for number in sorted(self._saved[account])]

    def kept(self, owner: Owner, provider: str) -> list[Poll]:
        """The polls whose checkpoint or plays were stored, in order."""
        account = (owner.key, provider)
        return [
            poll
            for number, poll in enumerate(self._polls[account])
            if number in self._saved[account]
            or (poll.recorded, poll.plays) in self._stored[account]
        ]

    def stored(self, owner: Owner, provider: str) -> set[int]:
        """Start times of the stored plays from `provider` (epoch seconds)."""
        stored = self._stored[owner.key, provider]
        return {play.started_at for _, plays in stored for play in plays}

    def _note(self, connection: Connection, result: Crawled, recorded: int) -> None:
        fetched = result.fetched
        self._polls[connection.owner.key, connection.provider].append(
            Poll(
                recorded,
                self._now(),
                frozenset(fetched.plays),
                fetched.checkpoint,
                fetched.crawled_through,
                connection.connected_at,
            )
        )


def _is_chunk(key: str) -> bool:
    return not (key.startswith(FIRST) or is_derived(key))
