"""A function fails at its start if its environment lacks something, and says what."""

import pytest

from tests.runtime.environments import SHARED
from topk.runtime import settings as module
from topk.runtime.settings import MissingSettingsError, Settings, tables


def test_what_every_function_needs_is_enough_for_one_that_needs_no_more() -> None:
    found = Settings.of((), SHARED)
    assert (found.region, found.retention_days, found.grid.shards) == ("us-east-1", 35, 2)
    assert found.tenant("harbor") is not None


def test_the_error_lists_everything_that_is_missing() -> None:
    given = {**SHARED, "PLAYS_TABLE": "plays", "TOKEN_KEY_ID": ""}
    del given["TIMETABLE"], given["MAX_ATTEMPTS"]
    needs = (*tables("plays", "data_keys"), "TOKEN_KEY_ID", "QUEUE_URLS")
    with pytest.raises(MissingSettingsError) as caught:
        Settings.of(needs, given)
    missing = ("TIMETABLE", "MAX_ATTEMPTS", "DATA_KEYS_TABLE", "TOKEN_KEY_ID", "QUEUE_URLS")
    assert caught.value.names == missing
    assert str(caught.value) == f"missing environment variables: {', '.join(missing)}"


@pytest.mark.parametrize("name", module.SHARED)
def test_each_shared_variable_is_needed(name: str) -> None:
    given = {key: value for key, value in SHARED.items() if key != name}
    with pytest.raises(MissingSettingsError, match=name):
        Settings.of((), given)


@pytest.mark.parametrize(
    ("name", "value"), [("TIMETABLE", "[]"), ("RETENTION_DAYS", "many"), ("PROVIDERS", "{")]
)
def test_an_invalid_value_is_an_error(name: str, value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON and numbers say it in words of their own
        Settings.of((), {**SHARED, name: value})
