"""The providers as they are deployed: an adapter with its credentials, made on first use."""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cachetools import TTLCache

from topk.domain.errors import InvalidRequestError, StoreError
from topk.domain.provider import Provider
from topk.providers.registry import build
from topk.providers.transport import Transport
from topk.runtime.settings import Settings

CREDENTIAL_SECONDS = 900
"""After so long credentials are read again, so that a rotated secret takes effect."""


class ProviderDirectory:
    """Calling it with a name gives the provider. `secrets` is a Secrets Manager client."""

    def __init__(self, settings: Settings, *, secrets: Any, http: Transport) -> None:
        self._settings = settings
        self._secrets = secrets
        self._http = http
        self._known: TTLCache[str, Provider] = TTLCache(100, CREDENTIAL_SECONDS)

    def __call__(self, name: str) -> Provider:
        """Raises InvalidRequestError for a name that is not deployed and StoreError where the
        credentials cannot be read.
        """
        given = self._settings.providers.get(name)
        if given is None:
            names = ", ".join(sorted(self._settings.providers))
            raise InvalidRequestError("provider", f"must be one of {names}", status=404)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = build(
                name,
                endpoints=given.endpoints,
                credentials=self._credentials(given.secret),
                options=given.options,
                http=self._http,
            )
        return known

    def _credentials(self, secret: str) -> dict[str, str]:
        try:
            found = self._secrets.get_secret_value(SecretId=secret)
            credentials: dict[str, str] = json.loads(found["SecretString"])
        except (ClientError, BotoCoreError, ValueError) as error:
            raise StoreError(f"provider credentials: {type(error).__name__}") from None
        return credentials
