"""Deletions and corrections beside the archive. Deletions are applied by everything that restores
or rewrites its files; corrections are kept for a restore alone.

    deleted/<digest>.json

An object holds a JSON line for each deletion: {"tenant", "user", "until", "provider", "song_ids",
"isrcs", "names", "spellings", "rule"}, of which all after the third may be left out. A line of a
correction has {"tenant", "user", "until", "correction_id", "correction"}: when it was made, and its
body in base64, which also tells that it was undone; the latest counts. They stay for as long as the
user does. Each purge gathers them in a few objects of at most MOST_HELD, without those of erased
users.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.play_log import Corrected, OwnedCorrected, OwnedDeletion
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import FIRST_RULE, SongMark, Spelling
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.s3.erased_users import Mark, mark_of
from topk.stores.tables.markers import correction_body, correction_of

FOLDER = "deleted/"
MOST_HELD = 100_000
"""Deletions and marks of erased users that a purge holds at once."""


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    tenant: str
    user: str
    until: int
    provider: str = ""
    song_ids: tuple[str, ...] = ()
    isrcs: tuple[str, ...] = ()
    names: tuple[Spelling, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    rule: int = FIRST_RULE
    correction_id: str = ""
    correction: bytes = b""

    @property
    def owner(self) -> Owner:
        return Owner(self.tenant, self.user)


_Lines = tuple[_Line, ...]
_decoder = msgspec.json.Decoder(_Line)
_encoder = msgspec.json.Encoder()


class ArchivedDeletions:
    """`s3` is a client. Raises StoreError where S3 fails, or an object cannot be read."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._known: dict[tuple[str, str], _Lines] = {}
        self._by_owner: Mapping[Owner, list[Deletion]] = {}

    def write(
        self, deletions: Iterable[OwnedDeletion], corrections: Iterable[OwnedCorrected] = ()
    ) -> None:
        """The same markers in any order make the same object."""
        lines = {_deletion_line(owner, one) for owner, one in deletions}
        lines |= {_correction_line(owner, one) for owner, one in corrections}
        if lines:
            self._put(lines)

    def by_owner(self) -> Mapping[Owner, list[Deletion]]:
        """All deletions. Objects are read again only if they have changed."""
        objects = self._objects()
        if self._known.keys() != objects:
            self._known = {one: self._known.get(one) or self._read(one[0]) for one in objects}
            self._by_owner = _by_owner(line for line in self._lines() if not line.correction)
        return self._by_owner

    def corrections(self) -> Mapping[Owner, list[Corrected]]:
        """What counts of the corrections, by owner."""
        self.by_owner()
        found: dict[Owner, list[Corrected]] = defaultdict(list)
        for line in _latest(self._lines()):
            if line.correction:
                one = correction_of(line.until, line.correction_id, line.correction)
                found[line.owner].append(one)
        return found

    def _lines(self) -> Iterator[_Line]:
        return (line for lines in self._known.values() for line in lines)

    def every(self) -> Iterator[OwnedDeletion]:
        """All deletions, read line by line; a deletion in several objects is repeated."""
        for key, _ in sorted(self._objects()):
            for line in self._read_lines(key):
                if not line.correction:
                    yield line.owner, _deletion(line)

    def gather(self, *, erased: Callable[[], Iterable[Mark]]) -> None:
        """Merge the objects, without deletions of the users whose marks are in `erased`.

        At most MOST_HELD deletions are held. What replaces an object is written before it is
        deleted, so that a crash loses none.
        """
        keys = [key for key, _ in sorted(self._objects())]
        lines = (line for key in keys for line in self._read_lines(key))
        written: set[str] = set()
        while some := set(islice(lines, MOST_HELD)):
            gone = {mark_of(line.owner) for line in some}.intersection(erased())
            if kept := {line for line in _latest(some) if mark_of(line.owner) not in gone}:
                written.add(self._put(kept))
        for key in keys:
            if key not in written:
                with translated("forget deletion"):
                    self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _read_lines(self, key: str) -> Iterator[_Line]:
        with translated("read deletions"):
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]
            for line in body.iter_lines():
                yield _decoded(line)

    def _objects(self) -> set[tuple[str, str]]:
        """The keys of all objects, with the tags by which S3 tells bodies apart."""
        with translated("list deletions"):
            pages = self._s3.get_paginator("list_objects_v2")
            return {
                (one["Key"], one["ETag"])
                for page in pages.paginate(Bucket=self._bucket, Prefix=FOLDER)
                for one in page.get("Contents", ())
            }

    def _read(self, key: str) -> _Lines:
        return tuple(self._read_lines(key))

    def _put(self, lines: Collection[_Line]) -> str:
        """The key of the object that holds `lines`."""
        body = b"".join(sorted(_encoder.encode(line) + b"\n" for line in lines))
        key = f"{FOLDER}{blake2b(body, digest_size=16).hexdigest()}.json"
        with translated("write deletions"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        return key


def _deletion_line(owner: Owner, one: Deletion) -> _Line:
    song = one.song
    return _Line(
        owner.tenant,
        owner.user,
        one.until,
        one.provider,
        song.ids,
        one.isrcs,
        song.names,
        song.spellings,
        song.rule,
    )


def _correction_line(owner: Owner, one: Corrected) -> _Line:
    body = correction_body(one)
    return _Line(
        owner.tenant,
        owner.user,
        one.made_at,
        correction_id=one.correction_id,
        correction=body,
    )


def _latest(lines: Iterable[_Line]) -> Iterator[_Line]:
    """All deletions, and of each correction what was said last."""
    latest: dict[tuple[Owner, str], _Line] = {}
    for line in lines:
        if not line.correction:
            yield line
            continue
        key = line.owner, line.correction_id
        if key not in latest or latest[key].until <= line.until:
            latest[key] = line
    yield from latest.values()


def _by_owner(lines: Iterable[_Line]) -> Mapping[Owner, list[Deletion]]:
    found: dict[Owner, list[Deletion]] = defaultdict(list)
    for line in dict.fromkeys(lines):
        found[line.owner].append(_deletion(line))
    return dict(found)


def _deletion(line: _Line) -> Deletion:
    song = SongMark(line.song_ids, line.names, line.spellings, line.rule)
    return Deletion(line.until, line.provider, song, line.isrcs)


def _decoded(line: bytes) -> _Line:
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError as error:
        raise StoreError("archived deletions cannot be read") from error
