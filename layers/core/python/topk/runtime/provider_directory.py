"""The deployed providers: adapters with credentials, created on first use."""

import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cachetools import TTLCache

from topk.domain.crawl.provider import Provider
from topk.domain.errors import StoreError, UnknownProviderError
from topk.providers.http.transport import Transport
from topk.providers.registry import build
from topk.runtime.settings import Settings

CREDENTIAL_SECONDS = 900
"""Credentials are read again after this time, so that a rotated secret takes effect."""


class ProviderDirectory:
    """Call it with a tenant and a name for the provider, with the tenant's own app or the shared
    one.

    `secrets` is a Secrets Manager client, `clock` returns seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        secrets: Any,
        http: Transport,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._http = http
        self._known: TTLCache[str, Provider] = TTLCache(100, CREDENTIAL_SECONDS, clock)

    def __call__(self, tenant: str, name: str) -> Provider:
        """Raises UnknownProviderError for an unknown name, and StoreError if the credentials cannot
        be read, which includes those of a tenant's own app that are not stored yet.
        """
        given = self._settings.providers.get(name)
        if given is None:
            names = ", ".join(sorted(self._settings.providers))
            raise UnknownProviderError(f"must be one of {names}")
        app = self._settings.app_of(tenant, name)
        known = self._known.get(app)
        if known is None:
            known = self._known[app] = build(
                name,
                endpoints=given.endpoints,
                credentials=self._credentials(
                    given.secret if app == name else f"{self._settings.app_secrets}{name}/{tenant}"
                ),
                options=given.options,
                http=self._http,
            )
        return known

    def _credentials(self, secret: str) -> dict[str, str]:
        """The credentials in `secret`, an ARN or a name."""
        try:
            found = self._secrets.get_secret_value(SecretId=secret)
            credentials: dict[str, str] = json.loads(found["SecretString"])
        except (ClientError, BotoCoreError, ValueError) as error:
            raise StoreError(f"provider credentials: {type(error).__name__}") from None
        return credentials
