"""The application that each tenant's players use in the Last.fm protocol: a key and a secret.

Both are derived from one secret of the service, so that a new tenant has them at once. Players
contain them, so that they identify the tenant and protect nothing.
"""

import hmac
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from topk.domain.errors import StoreError
from topk.runtime.settings import Settings

_LENGTH = 32
"""Hexadecimal characters of a key and of a secret, as at Last.fm."""


@dataclass(frozen=True, slots=True)
class ScrobblerApp:
    tenant: str
    api_key: str
    shared_secret: str = field(repr=False)


class ScrobblerApps:
    """The service's secret is read once for each process. `secrets` is a Secrets Manager client."""

    def __init__(self, settings: Settings, *, secrets: Any) -> None:
        self._settings = settings
        self._secrets = secrets
        self._secret = b""

    def of_tenant(self, tenant: str) -> ScrobblerApp:
        """Raises StoreError if the service's secret cannot be read."""
        self._secret = self._secret or self._read()
        return _app(tenant, self._secret)

    def by_key(self, api_key: str, tenant: str) -> ScrobblerApp | None:
        """The app of `tenant`, if the key is its own. Raises StoreError as above."""
        if self._settings.tenant(tenant) is None:
            return None
        app = self.of_tenant(tenant)
        return app if hmac.compare_digest(app.api_key.encode(), api_key.encode()) else None

    def _read(self) -> bytes:
        try:
            answer = self._secrets.get_secret_value(SecretId=self._settings.scrobbler_secret)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"scrobbler secret: {type(error).__name__}") from None
        return str(answer["SecretString"]).encode()


def _app(tenant: str, secret: bytes) -> ScrobblerApp:
    return ScrobblerApp(tenant, _derived("key", tenant, secret), _derived("secret", tenant, secret))


def _derived(purpose: str, tenant: str, secret: bytes) -> str:
    return hmac.new(secret, f"{purpose}:{tenant}".encode(), "sha256").hexdigest()[:_LENGTH]
