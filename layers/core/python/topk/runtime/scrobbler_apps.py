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
    """Read once for each process. `secrets` is a Secrets Manager client."""

    def __init__(self, settings: Settings, *, secrets: Any) -> None:
        self._settings = settings
        self._secrets = secrets
        self._known: dict[str, ScrobblerApp] = {}

    def of_tenant(self, tenant: str) -> ScrobblerApp:
        """Raises StoreError if the service's secret cannot be read."""
        return next(one for one in self._apps().values() if one.tenant == tenant)

    def by_key(self, api_key: str) -> ScrobblerApp | None:
        """Raises StoreError as above."""
        return self._apps().get(api_key)

    def _apps(self) -> dict[str, ScrobblerApp]:
        if not self._known:
            secret = self._read()
            apps = [_app(tenant.name, secret) for tenant in self._settings.tenants]
            self._known = {app.api_key: app for app in apps}
        return self._known

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
