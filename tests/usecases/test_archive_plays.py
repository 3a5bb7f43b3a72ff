"""The archive, filled by a stream in any batches and repetitions, has each play and nothing that
was deleted or erased, both when read and when restored from."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cli.recovery.archiving import Lacking
from cli.recovery.restore_plays import restore, restore_markers
from tests.fake_s3 import CrashError, FakeS3
from tests.fakes import ANNA, BEN, DAY, NOON, FakePlays, play
from topk.domain.chunk import Chunk, remaining
from topk.domain.owner import Owner
from topk.domain.play import Play, plays_of
from topk.domain.play_log import Entries
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.stores.codecs.archive_format import decode
from topk.stores.s3.archive import Archive
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.tables.plays import chunk_key
from topk.usecases.archive.archive_plays import archive_plays

MIA = Owner("meadow", "mia")
OWNERS = (ANNA, BEN, MIA)
TITLES = ("Dawn", "Dusk", "Noon")
Key = tuple[Owner, str]
Heard = dict[Owner, set[Play]]


class World:
    """The table Plays, its stream, a reader that crashes, and the expected contents."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.rows: dict[Key, Chunk | Deletion] = {}
        self.stream: list[Key] = []
        self.done = 0
        self.told: Heard = defaultdict(set)
        self.deleted: dict[Owner, list[Deletion]] = defaultdict(list)
        self.erased: set[Owner] = set()
        self.s3 = FakeS3()
        self.archive = Archive(self.s3, bucket="archive")

    def entries(self, keys: Iterable[Key]) -> Entries:
        found = [(key[0], self.rows[key]) for key in keys if key in self.rows]
        return Entries(
            [row for _, row in found if isinstance(row, Chunk)],
            [(owner, row) for owner, row in found if isinstance(row, Deletion)],
        )

    def crawl(self) -> None:
        owner = self.chance.choice(OWNERS)
        if owner in self.erased:
            return
        at = NOON + self.chance.randrange(2) * DAY + self.chance.randrange(3)
        plays = [
            play(self.chance.choice(TITLES), at - self.chance.randrange(20))
            for _ in range(self.chance.randrange(1, 4))
        ]
        self.told[owner] |= {*plays}
        for _ in range(self.chance.choice((1, 1, 2))):  # A repeated crawl writes another chunk.
            crawl_id = str(self.chance.getrandbits(32))
            self._insert(Chunk(owner, "spotify", at, crawl_id, tuple(plays)))

    def delete(self) -> None:
        """Deletes a song or a provider; what is left of a chunk becomes a new chunk."""
        owner, until = self.chance.choice(OWNERS), NOON + self.chance.randrange(2) * DAY
        song = song_id(play(self.chance.choice(TITLES), 0).track)
        provider = self.chance.random() < 0.2
        mark = Deletion(until, "spotify") if provider else Deletion(until, song=SongMark((song,)))
        if owner in self.erased:
            return
        self.deleted[owner].append(mark)
        self._put((owner, f"~{until}#{self.chance.getrandbits(32)}"), mark)
        for key, row in list(self.rows.items()):
            if key[0] == owner and isinstance(row, Chunk):
                kept = [one for one in row.plays if not Deletions(self.deleted[owner]).cover(one)]
                if len(kept) < len(row.plays):
                    if kept:
                        self._insert(remaining(row, kept))
                    del self.rows[key]

    def erase(self) -> None:
        owner = self.chance.choice(OWNERS)
        self.erased.add(owner)
        self.rows = {key: row for key, row in self.rows.items() if key[0] != owner}
        list(ErasedUsers(self.s3, bucket="archive").mark(owner))

    def expire(self) -> None:
        """Records read long ago leave the stream's retention."""
        for key in self.stream[: self.done]:
            if isinstance(self.rows.get(key), Chunk) and self.chance.random() < 0.5:
                del self.rows[key]

    def read(self, *, crash: bool = True) -> None:
        """A batch of any length; the process may die before or after its position is saved."""
        batch = self.stream[self.done : self.done + self.chance.randrange(1, 8)]
        if not batch:
            return
        self.s3.crash_after = self.chance.choice((None, None, 0, 1, 2)) if crash else None
        with suppress(CrashError):
            archive_plays(batch, log=self, archive=self.archive, batch=str(batch[0]))
            self.done += len(batch) if not crash or self.chance.random() < 0.7 else 0
        self.s3.crash_after = None

    def forget_position(self) -> None:
        """The stream's poller restarts from an earlier position."""
        if not any(key not in self.rows for key in self.stream[: self.done]):
            self.done = self.chance.randrange(self.done + 1)

    def fill(self) -> None:
        lacking = Lacking(self.archive)
        keys = [key for key in self.rows if key[1].startswith("~") or lacking(key)]
        archive_plays(keys, log=self, archive=self.archive)

    def purge(self) -> None:
        self.archive.purge(now=datetime.fromtimestamp(0, UTC))

    def truth(self) -> Heard:
        kept = {
            owner: {one for one in plays if not Deletions(self.deleted[owner]).cover(one)}
            for owner, plays in self.told.items()
            if owner not in self.erased
        }
        return {owner: plays for owner, plays in kept.items() if plays}

    def _insert(self, chunk: Chunk) -> None:
        name = chunk_key(chunk.fetched_at, chunk.provider, chunk.crawl_id)
        self._put((chunk.owner, name), chunk)

    def _put(self, key: Key, row: Chunk | Deletion) -> None:
        if key not in self.rows:
            self.stream.append(key)
        self.rows[key] = row


def _heard(chunks: Iterable[Chunk]) -> Heard:
    found: Heard = defaultdict(set)
    for chunk in chunks:
        found[chunk.owner] |= {*chunk.plays}
    return found


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.integers(5, 60))
def test_any_delivery_of_the_stream_archives_and_restores_exactly_the_plays(
    chance: Random, steps: int
) -> None:
    world = World(chance)
    acts = [world.crawl] * 5 + [world.read] * 5 + [world.delete, world.forget_position]
    acts += [world.purge, world.fill, world.expire]
    for _ in range(steps):
        chance.choice(acts)()
        if chance.random() < 0.01:
            world.erase()
    while world.done < len(world.stream):
        world.read(crash=False)
    truth = world.truth()
    assert (
        _heard(chunk for file in world.archive.files() for chunk in world.archive.read(file))
        == truth
    )
    back = FakePlays()
    restore_markers(archive=world.archive, plays=back)
    for file in world.archive.files():
        restore(file, archive=world.archive, plays=back, fetched_since=0)
    assert _heard(back.chunks) == truth
    assert {owner: {*plays_of(back.since(owner, 0))} for owner in truth} == truth
    assert {*back.marks} == {
        (owner, one)
        for owner, deletions in world.deleted.items()
        for one in deletions
        if owner not in world.erased
    }
    world.purge()
    bodies = [world.s3.objects[file] for file in world.archive.files()]
    assert _heard(one for body in bodies for one in decode(body)) == truth


def test_unreadable_rows_are_counted_and_skipped() -> None:
    class Log:
        def entries(self, _keys: Iterable[Key]) -> Entries:
            return Entries([Chunk(ANNA, "spotify", NOON, "a", (play("Dawn", NOON),))], (), (), 2)

    archive = Archive(FakeS3(), bucket="archive")
    done = archive_plays([], log=Log(), archive=archive, batch="first")
    assert (done.chunks, done.markers, done.unreadable) == (1, 0, 2)
    assert len(archive.files()) == 1
