"""The owner of plays: a user of a tenant."""

import re
from dataclasses import dataclass
from typing import Self

from topk.domain.errors import InvalidRequestError

_USER = re.compile(r"[A-Za-z0-9._~@:|-]{1,128}")


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """A user of a tenant; `key` is the partition key of their data."""

    tenant: str
    user: str

    @property
    def key(self) -> str:
        return f"{self.tenant}#{self.user}"

    @classmethod
    def parse(cls, key: str) -> Self:
        tenant, _, user = key.partition("#")
        return cls(tenant, user)

    @classmethod
    def of(cls, tenant: str, user: str) -> Self:
        """Raises InvalidRequestError if `user` is not a valid id."""
        if not _USER.fullmatch(user):
            raise InvalidRequestError(
                "user_id", "must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : | -"
            )
        return cls(tenant, user)
