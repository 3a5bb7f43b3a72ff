"""Flags: off by default, read seldom, and harmless where AppConfig is away."""

import json
from io import BytesIO
from typing import Any

import pytest

from topk.runtime import flags as module
from topk.runtime.flags import FRESH_SECONDS, RETRY_SECONDS, Flags, reader


class _AppConfig:
    """AppConfig's data plane with one configuration, and a clock."""

    def __init__(self) -> None:
        self.flags: dict[str, Any] = {}
        self.away = False
        self.reads = 0
        self.now = 0.0

    def start_configuration_session(self, **asked: str) -> dict[str, str]:
        self.reads += 1
        if self.away:
            raise TimeoutError
        assert asked["ApplicationIdentifier"] == "app"
        assert asked["EnvironmentIdentifier"] == "production"
        assert asked["ConfigurationProfileIdentifier"] == "profile"
        return {"InitialConfigurationToken": "fake-token"}

    def get_latest_configuration(self, **_: str) -> dict[str, Any]:
        body = BytesIO(json.dumps(self.flags).encode())
        return {"Configuration": body, "NextPollConfigurationToken": "fake-token-2"}


@pytest.fixture
def appconfig(monkeypatch: pytest.MonkeyPatch) -> _AppConfig:
    found = _AppConfig()
    monkeypatch.setattr(module, "client", lambda *_: found)
    return found


def _flags(appconfig: _AppConfig) -> Flags:
    told = {"FLAGS": "appconfig://app/production/profile", "AWS_REGION": "us-east-1"}
    return Flags(reader(told), lambda: appconfig.now)


def test_what_nobody_declared_is_off(appconfig: _AppConfig) -> None:
    assert not _flags(appconfig).on("shadow_lists")
    assert not Flags(reader({}), lambda: 0).on("shadow_lists")


def test_a_turned_flag_is_seen_in_time_and_not_read_for_every_call(appconfig: _AppConfig) -> None:
    flags = _flags(appconfig)
    assert not flags.on("shadow_lists")
    appconfig.flags = {"shadow_lists": {"default": True}}
    appconfig.now = FRESH_SECONDS - 1
    assert not flags.on("shadow_lists")
    assert appconfig.reads == 1
    appconfig.now = FRESH_SECONDS
    assert flags.on("shadow_lists")


def test_where_appconfig_is_away_the_default_or_what_was_known_holds(
    appconfig: _AppConfig,
) -> None:
    flags = _flags(appconfig)
    appconfig.away = True
    assert not flags.on("shadow_lists")
    assert not flags.on("shadow_lists")
    assert appconfig.reads == 1, "asked once, not for every call"
    appconfig.away, appconfig.flags = False, {"shadow_lists": {"default": True}}
    appconfig.now = RETRY_SECONDS
    assert flags.on("shadow_lists")
    appconfig.away, appconfig.now = True, RETRY_SECONDS + FRESH_SECONDS
    assert flags.on("shadow_lists")


def test_a_flag_may_be_on_for_one_tenant(appconfig: _AppConfig) -> None:
    condition = {"action": "EQUALS", "key": "tenant", "value": "harbor"}
    rule = {"of harbor": {"when_match": True, "conditions": [condition]}}
    appconfig.flags = {"shadow_lists": {"default": False, "rules": rule}}
    flags = _flags(appconfig)
    assert flags.on("shadow_lists", tenant="harbor")
    assert not flags.on("shadow_lists", tenant="meadow")


@pytest.mark.parametrize("declared", [{"shadow_lists": "yes"}, {"shadow_lists": {}}, ["x"]])
def test_nonsense_is_off(appconfig: _AppConfig, declared: Any) -> None:
    appconfig.flags = declared
    assert not _flags(appconfig).on("shadow_lists")


def test_locally_flags_are_fixed() -> None:
    flags = Flags(reader({"FLAGS": '{"shadow_lists": true, "other": false}'}), lambda: 0)
    assert flags.on("shadow_lists")
    assert not flags.on("other")
