"""The vault: provider grants, sealed.

A grant is a compact JWE (RFC 7516; `dir`, A256GCM) under the data key of its tenant and month.
`kid` names the key, `sub` the owner and provider; both are authenticated with the content, so that
a grant moved to another row does not open. Data keys are made and wrapped by KMS and kept in memory
for a while: a call to KMS for each crawl would be a fifth of the cost of a crawl.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from cachetools import TTLCache
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey
from joserfc.registry import HeaderParameter

from topk.domain.account.connection import Grant
from topk.domain.errors import ConflictError, SealError
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import DataKeyModel

CACHE_SECONDS = 3600
CACHE_KEYS = 1000
_REGISTRY = jwe.JWERegistry(
    header_registry={"sub": HeaderParameter("owner and provider", "str")},
    algorithms=["dir", "A256GCM"],
)


class Vault:
    """Raises StoreError where KMS or the table of keys fails.

    `most_keys` are kept in memory at once, each for an hour of `clock` (seconds).
    """

    def __init__(
        self,
        kms: Any,
        *,
        key_id: str,
        most_keys: int = CACHE_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kms = kms
        self._key_id = key_id
        self._keys: TTLCache[str, OctKey] = TTLCache(most_keys, CACHE_SECONDS, clock)

    def seal(self, owner: Owner, provider: str, grant: Grant, *, now: int) -> str:
        """The sealed grant, under the key of the owner's tenant and the month of `now`."""
        epoch = f"{owner.tenant}#{datetime.fromtimestamp(now, UTC):%Y-%m}"
        key = self._keys.get(epoch) or self._load(epoch) or self._create(epoch)
        header = {"alg": "dir", "enc": "A256GCM", "kid": epoch, "sub": _subject(owner, provider)}
        return jwe.encrypt_compact(header, msgspec.json.encode(grant), key, registry=_REGISTRY)

    def open(self, owner: Owner, provider: str, sealed: str) -> Grant:
        """The grant. Raises SealError where it was not sealed for this owner and provider."""

        def key_of(sealing: GuestProtocol) -> OctKey:
            header = sealing.headers()
            epoch = str(header.get("kid"))
            if header.get("sub") != _subject(owner, provider) or not _is_of(epoch, owner):
                raise SealError("sealed for another owner or provider")
            key = self._keys.get(epoch) or self._load(epoch)
            if key is None:
                raise SealError("the data key is gone")
            return key

        try:
            content = jwe.decrypt_compact(sealed, key_of, registry=_REGISTRY).plaintext
        except (JoseError, ValueError) as error:
            raise SealError("the sealed grant was altered") from error
        return msgspec.json.decode(content or b"", type=Grant)

    def _load(self, epoch: str) -> OctKey | None:
        with translated("read data key"):
            try:
                row = DataKeyModel.get(epoch, consistent_read=True)
            except DataKeyModel.DoesNotExist:
                return None
            answer = self._kms.decrypt(
                CiphertextBlob=row.wrapped, KeyId=self._key_id, EncryptionContext=_context(epoch)
            )
        return self._remember(epoch, answer["Plaintext"])

    def _create(self, epoch: str) -> OctKey:
        with translated("make data key"):
            answer = self._kms.generate_data_key(
                KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=_context(epoch)
            )
        try:
            with translated("write data key"):
                DataKeyModel(epoch, wrapped=answer["CiphertextBlob"]).save(
                    condition=DataKeyModel.epoch.does_not_exist()
                )
        except ConflictError:
            theirs = self._load(epoch)
            if theirs is None:
                raise
            return theirs
        return self._remember(epoch, answer["Plaintext"])

    def _remember(self, epoch: str, plain: bytes) -> OctKey:
        key = OctKey.import_key(plain)
        self._keys[epoch] = key
        return key


def _subject(owner: Owner, provider: str) -> str:
    return f"{owner.key}#{provider}"


def _is_of(epoch: str, owner: Owner) -> bool:
    return epoch.rpartition("#")[0] == owner.tenant


def _context(epoch: str) -> dict[str, str]:
    return {"data-key": epoch}
