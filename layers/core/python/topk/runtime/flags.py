"""Feature flags from AppConfig, with Powertools' FeatureFlags.

Flags are off by default. AppConfig's response is cached for FRESH_SECONDS; while it is unavailable,
the last known values or the defaults apply. Powertools' module is loaded only where a flag is
declared, because it slows imports. No function behind the API uses flags.
"""

import json
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from topk.runtime.aws import client

FRESH_SECONDS = 300
RETRY_SECONDS = 60
Read = Callable[[], dict[str, Any]]
"""Returns all flags in Powertools' schema, or raises."""


class Flags:
    """`clock` is a monotonic clock in seconds."""

    def __init__(self, read: Read, clock: Callable[[], float]) -> None:
        self._read, self._clock = read, clock
        self._known: dict[str, Any] = {}
        self._until = -1.0

    def on(self, name: str, **context: str) -> bool:
        """Whether the flag is on for `context`, such as a tenant's name. Never raises."""
        if name not in self.get_configuration():
            return False
        from aws_lambda_powertools.utilities.feature_flags import FeatureFlags

        features = FeatureFlags(store=self)  # type: ignore[arg-type]
        try:
            return features.evaluate(name=name, context=context, default=False) is True
        except Exception:  # noqa: BLE001 - nonsense in AppConfig switches nothing on
            return False

    def get_configuration(self) -> dict[str, Any]:
        """The store interface of Powertools."""
        now = self._clock()
        if now >= self._until:
            try:
                self._known, self._until = self._read(), now + FRESH_SECONDS
            except Exception:  # noqa: BLE001 - a switch must not break what it switches
                self._until = now + RETRY_SECONDS
        return self._known


@lru_cache(maxsize=1)
def flags() -> Flags:
    """The flags of this function, from its environment."""
    import time

    return Flags(reader(os.environ), time.monotonic)


def reader(environment: Mapping[str, str]) -> Read:
    """Flags from `FLAGS`: `appconfig://application/environment/configuration`, or a JSON object of
    names and values; no flags if it is not set.
    """
    told = environment.get("FLAGS", "{}")
    parts = urlsplit(told)
    if parts.scheme != "appconfig":
        fixed = {name: {"default": on} for name, on in json.loads(told).items()}
        return lambda: fixed
    setting, configuration = parts.path.strip("/").split("/")
    return _appconfig(parts.netloc, setting, configuration, environment["AWS_REGION"])


def _appconfig(application: str, setting: str, configuration: str, region: str) -> Read:
    def read() -> dict[str, Any]:
        from aws_lambda_powertools.utilities.feature_flags import AppConfigStore

        store = AppConfigStore(
            setting,
            application,
            configuration,
            max_age=0,
            boto3_client=client("appconfigdata", region),
        )
        return store.get_configuration()

    return read
