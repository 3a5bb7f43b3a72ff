"""Push secrets, from the providers' credentials."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from topk.domain.errors import StoreError, UnknownProviderError
from topk.runtime.settings import Settings

FRESH_SECONDS = 300
"""Secrets are read again after this time; store a new one at least as long before its use."""
_FIELDS = ("push_secret", "push_secret_before")


@dataclass(frozen=True, slots=True)
class _Known:
    secrets: tuple[str, ...]
    read_at: int


class PushSecrets:
    """Cached between calls. `secrets` is a Secrets Manager client."""

    def __init__(self, settings: Settings, *, secrets: Any) -> None:
        self._settings = settings
        self._secrets = secrets
        self._known: dict[str, _Known] = {}

    def of(self, provider: str, *, now: int) -> tuple[str, ...]:
        """The secret of `provider`, or both during a rotation.

        Raises UnknownProviderError for a provider that does not push, and StoreError if its
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
            raise UnknownProviderError("does not push")
        return found

    def _credentials(self, secret: str) -> dict[str, Any]:
        try:
            answer = self._secrets.get_secret_value(SecretId=secret)
            credentials: dict[str, Any] = json.loads(answer["SecretString"])
        except (ClientError, BotoCoreError, ValueError) as error:
            raise StoreError(f"provider credentials: {type(error).__name__}") from None
        return credentials
