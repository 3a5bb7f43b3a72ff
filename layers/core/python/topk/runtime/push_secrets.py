"""The secrets under which providers sign what they push, from their credentials."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from topk.domain.errors import InvalidRequestError, StoreError
from topk.runtime.settings import Settings

FRESH_SECONDS = 300
"""After so long secrets are read again. So long a new one must lie there before it is used."""
_FIELDS = ("push_secret", "push_secret_before")


@dataclass(frozen=True, slots=True)
class _Known:
    secrets: tuple[str, ...]
    read_at: int


class PushSecrets:
    """Kept from call to call. `secrets` is a Secrets Manager client."""

    def __init__(self, settings: Settings, *, secrets: Any) -> None:
        self._settings = settings
        self._secrets = secrets
        self._known: dict[str, _Known] = {}

    def of(self, provider: str, *, now: int) -> tuple[str, ...]:
        """Both secrets of a `provider` while one replaces the other, else the one.

        Raises InvalidRequestError for a provider that does not push and StoreError where its
        credentials cannot be read.
        """
        known = self._known.get(provider)
        if known is None or abs(now - known.read_at) >= FRESH_SECONDS:
            known = self._known[provider] = _Known(self._read(provider), now)
        return known.secrets

    def _read(self, provider: str) -> tuple[str, ...]:
        given = self._settings.providers.get(provider)
        credentials = self._credentials(given.secret) if given else {}
        found = tuple(str(credentials[name]) for name in _FIELDS if name in credentials)
        if not found:
            raise InvalidRequestError("provider", "does not push", status=404)
        return found

    def _credentials(self, secret: str) -> dict[str, Any]:
        try:
            answer = self._secrets.get_secret_value(SecretId=secret)
            credentials: dict[str, Any] = json.loads(answer["SecretString"])
        except (ClientError, BotoCoreError, ValueError) as error:
            raise StoreError(f"provider credentials: {type(error).__name__}") from None
        return credentials
