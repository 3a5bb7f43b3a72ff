"""What users have deleted, beside the archive, heeded by all who restore or rewrite its files.

    deleted/tenant=harbor/<digest>.json

An object holds a JSON line for each deletion: {"user", "until", "provider", "song_ids", "isrcs"},
of which the last three may be left out. They stay for as long as the user does. Each purge gathers
all of a tenant's in one object, without those of erased users.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from topk.domain.deletion import Deletion
from topk.domain.entries import OwnedDeletion
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.stores.erased_users import digest_of
from topk.stores.failures import translated

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

    def write(self, deletions: Iterable[OwnedDeletion]) -> None:
        """The same deletions in any order make the same objects."""
        by_tenant: dict[str, set[_Line]] = defaultdict(set)
        for owner, one in deletions:
            line = _Line(owner.user, one.until, one.provider, one.song_ids, one.isrcs)
            by_tenant[owner.tenant].add(line)
        for tenant, lines in by_tenant.items():
            self._put(tenant, lines)

    def of(self, tenant: str, *, without: Collection[str]) -> Mapping[str, list[Deletion]]:
        """By user, but for those whose digests are in `without`: the erased."""
        found: dict[str, list[Deletion]] = defaultdict(list)
        for line in self._kept(self._objects(tenant), without):
            found[line.user].append(Deletion(line.until, line.provider, line.song_ids, line.isrcs))
        return found

    def gather(self, tenant: str, *, without: Collection[str]) -> None:
        """Makes one object of all that are there, without those of the erased.

        It is written before the others go: who reads meanwhile finds a deletion twice, or once.
        """
        before = self._objects(tenant)
        kept = self._kept(before, without)
        gathered = self._put(tenant, kept) if kept else ""
        for key in before.keys() - {gathered}:
            with translated("forget deletion"):
                self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _kept(self, objects: Mapping[str, str], without: Collection[str]) -> set[_Line]:
        lines = {line for one in objects.items() for line in self._read(*one)}
        return {line for line in lines if digest_of(line.user) not in without}

    def _objects(self, tenant: str) -> dict[str, str]:
        """The keys of a tenant's objects, and the tags by which S3 tells one body from another."""
        with translated("list deletions"):
            pages = self._s3.get_paginator("list_objects_v2")
            return {
                one["Key"]: one["ETag"]
                for page in pages.paginate(Bucket=self._bucket, Prefix=_folder(tenant))
                for one in page.get("Contents", ())
            }

    def _read(self, key: str, tag: str) -> _Lines:
        if (key, tag) not in self._known:
            with translated("read deletions"):
                body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            try:
                self._known[key, tag] = tuple(_decoder.decode_lines(body))
            except msgspec.DecodeError as error:
                raise StoreError("archived deletions cannot be read") from error
        return self._known[key, tag]

    def _put(self, tenant: str, lines: Collection[_Line]) -> str:
        """The key of the object that holds `lines`."""
        body = b"".join(sorted(_encoder.encode(line) + b"\n" for line in lines))
        key = f"{_folder(tenant)}{blake2b(body, digest_size=16).hexdigest()}.json"
        with translated("write deletions"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        return key


def owned(tenant: str, deletions: Mapping[str, Iterable[Deletion]]) -> Iterator[OwnedDeletion]:
    """`deletions`, which are by user, each beside its owner."""
    for user, of_user in deletions.items():
        yield from ((Owner(tenant, user), one) for one in of_user)


def _folder(tenant: str) -> str:
    return f"{FOLDER}tenant={tenant}/"
