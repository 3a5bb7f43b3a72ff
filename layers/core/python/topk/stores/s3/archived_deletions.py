"""Deletions beside the archive, applied by everything that restores or rewrites its files.

    deleted/tenant=harbor/<digest>.json

An object holds a JSON line for each deletion: {"user", "until", "provider", "song_ids", "isrcs"},
of which the last three may be left out. They stay for as long as the user does. Each purge gathers
all of a tenant's in one object, without those of erased users.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.domain.play_log import OwnedDeletion
from topk.domain.privacy.deletion import Deletion
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.s3.erased_users import digest_of

FOLDER = "deleted/"


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    user: str
    until: int
    provider: str = ""
    song_ids: tuple[str, ...] = ()
    isrcs: tuple[str, ...] = ()


_Lines = tuple[_Line, ...]
_decoder = msgspec.json.Decoder(_Line)
_encoder = msgspec.json.Encoder()


class ArchivedDeletions:
    """`s3` is a client. Raises StoreError where S3 fails, or an object cannot be read."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._known: dict[tuple[str, str], _Lines] = {}
        self._by_user: Mapping[str, list[Deletion]] = {}

    def write(self, deletions: Iterable[OwnedDeletion]) -> None:
        """The same deletions in any order make the same objects."""
        by_tenant: dict[str, set[_Line]] = defaultdict(set)
        for owner, one in deletions:
            line = _Line(owner.user, one.until, one.provider, one.song_ids, one.isrcs)
            by_tenant[owner.tenant].add(line)
        for tenant, lines in by_tenant.items():
            self._put(tenant, lines)

    def of(self, tenant: str) -> Mapping[str, list[Deletion]]:
        """Deletions by user. Objects are read again only if they have changed."""
        objects = self._objects(tenant)
        if self._known.keys() != objects:
            self._known = {one: self._known.get(one) or self._read(one[0]) for one in objects}
            self._by_user = _by_user(line for lines in self._known.values() for line in lines)
        return self._by_user

    def gather(self, tenant: str, *, without: Collection[str]) -> None:
        """Makes one object of all that are there, but for those of users whose digests are in
        `without`.

        It is written before the others go, so that a crash loses none.
        """
        self.of(tenant)
        before = {key: lines for (key, _), lines in self._known.items()}
        kept = {
            line
            for lines in before.values()
            for line in lines
            if digest_of(line.user) not in without
        }
        gathered = self._put(tenant, kept) if kept else ""
        for key in before.keys() - {gathered}:
            with translated("forget deletion"):
                self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _objects(self, tenant: str) -> set[tuple[str, str]]:
        """The keys of a tenant's objects, with the tags by which S3 tells bodies apart."""
        with translated("list deletions"):
            pages = self._s3.get_paginator("list_objects_v2")
            return {
                (one["Key"], one["ETag"])
                for page in pages.paginate(Bucket=self._bucket, Prefix=_folder(tenant))
                for one in page.get("Contents", ())
            }

    def _read(self, key: str) -> _Lines:
        with translated("read deletions"):
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        try:
            return tuple(_decoder.decode_lines(body))
        except msgspec.DecodeError as error:
            raise StoreError("archived deletions cannot be read") from error

    def _put(self, tenant: str, lines: Collection[_Line]) -> str:
        """The key of the object that holds `lines`."""
        body = b"".join(sorted(_encoder.encode(line) + b"\n" for line in lines))
        key = f"{_folder(tenant)}{blake2b(body, digest_size=16).hexdigest()}.json"
        with translated("write deletions"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        return key


def _by_user(lines: Iterable[_Line]) -> Mapping[str, list[Deletion]]:
    found: dict[str, list[Deletion]] = defaultdict(list)
    for line in dict.fromkeys(lines):
        found[line.user].append(Deletion(line.until, line.provider, line.song_ids, line.isrcs))
    return dict(found)


def _folder(tenant: str) -> str:
    return f"{FOLDER}tenant={tenant}/"
