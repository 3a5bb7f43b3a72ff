"""Switches that are turned without a deployment: AppConfig's, by Powertools' FeatureFlags.

Every flag is off where nothing says otherwise. What AppConfig said is kept for FRESH_SECONDS; while
it does not answer, what was known last holds, or the default. Powertools' part is loaded where a
flag is declared: 93 ms of CPU beside botocore. No function behind the API asks for flags.
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
"""Gives all flags in Powertools' schema, or raises."""


class Flags:
    """`clock` is in seconds and only ever grows."""

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
        """What Powertools asks of a store."""
        now = self._clock()
        if now >= self._until:
            try:
                self._known, self._until = self._read(), now + FRESH_SECONDS
            except Exception:  # noqa: BLE001 - a switch must not break what it switches
                self._until = now + RETRY_SECONDS
        return self._known


@lru_cache(maxsize=1)
def flags() -> Flags:
    """Those of this function, as its environment says."""
    import time

    return Flags(reader(os.environ), time.monotonic)


def reader(environment: Mapping[str, str]) -> Read:
    """Of `FLAGS`: `appconfig://application/environment/configuration`, or a JSON object of names
    that are on or off; of none where it is not set."""
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
