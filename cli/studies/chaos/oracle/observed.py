"""What was really read when: the polls that count for the truth.

A poll counts where what it brought is stored: its chunk, or the checkpoint after it. For an account
without times only the checkpoint counts, since the next reading is compared with that one. A poll
bears two moments: the one that is recorded, which is that of its message, and the one at which the
provider answered.
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
from topk.stores.tables.deletions import FIRST
from topk.usecases.crawling.fetch_plays import Crawled, Failed, Reader

Account = tuple[str, str]
"""An owner's key and a provider."""


@dataclass(frozen=True, slots=True)
class Poll:
    recorded: int
    actual: float
    plays: frozenset[Play]
    checkpoint: str
    through: int
    connected_at: int


class Observed:
    """`now` is the world's time (epoch seconds)."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._polls: dict[Account, list[Poll]] = defaultdict(list)
        self._saved: dict[Account, set[int]] = defaultdict(set)
        self._stored: dict[Account, set[tuple[int, frozenset[Play]]]] = defaultdict(set)
        self._furthest: dict[Account, tuple[int, int]] = {}
        self.undone: list[str] = []
        """What one writer took back that another had written."""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notes each reading of an account."""
        read = Reader.read

        async def noted(reader: Reader, connection: Connection) -> Crawled | Failed:
            result = await read(reader, connection)
            if isinstance(result, Crawled):
                self._note(connection, result, reader.now)
            return result

        with patch.object(Reader, "read", noted):
            yield

    def written(self, change: Change) -> None:
        """A row was written: where it is a chunk, or a connection that bears a checkpoint, the poll
        that it is of counts."""
        after = change.after
        if after and change.table == "connections":
            self._saved_of(change.before, after)
        elif after and change.table == "plays" and not after["chunk"]["S"].startswith(FIRST):
            moment, provider, _ = after["chunk"]["S"].split("#")
            told = frozenset(decode(after["body"]["B"], provider))
            self._stored[after["owner"]["S"], provider].add((int(moment), told))

    def _saved_of(self, before: Item | None, after: Item) -> None:
        account = (after["owner"]["S"], after["provider"]["S"])
        self._compare(account, after, anew=before is None)
        checkpoint = after.get("checkpoint", {}).get("S", "")
        connected_at = int(after["connected_at"]["N"])
        for number, poll in reversed(list(enumerate(self._polls[account]))):
            if (poll.checkpoint, poll.connected_at) == (checkpoint, connected_at):
                self._saved[account].add(number)
                return

    def _compare(self, account: Account, row: Item, *, anew: bool) -> None:
        """Whether an earlier connection, or an earlier checkpoint of this one, stands there again.

        A connection that its user ended stands there `anew` where a crawl wrote it once more.
        """
        reached = int(row["connected_at"]["N"]), int(row["crawled_through"]["N"])
        before = self._furthest.get(account, (0, 0))
        if reached < before or (anew and reached[0] == before[0]):
            self.undone.append(f"{' '.join(account)}: a crawl that was overtaken wrote over others")
        self._furthest[account] = reached

    def saved(self, owner: Owner, provider: str) -> list[Poll]:
        """The polls whose checkpoint was stored, in their order."""
        account = (owner.key, provider)
        return [self._polls[account][number] for number in sorted(self._saved[account])]

    def kept(self, owner: Owner, provider: str) -> list[Poll]:
        """Those, and the polls whose plays were stored."""
        account = (owner.key, provider)
        return [
            poll
            for number, poll in enumerate(self._polls[account])
            if number in self._saved[account]
            or (poll.recorded, poll.plays) in self._stored[account]
        ]

    def stored(self, owner: Owner, provider: str) -> set[int]:
        """When each play began that was stored as one of `provider` (epoch seconds)."""
        stored = self._stored[owner.key, provider]
        return {play.started_at for _, told in stored for play in told}

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
