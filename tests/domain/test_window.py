"""The window is seven complete local days, across daylight saving changes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topk.domain.errors import InvalidRequestError
from topk.domain.toplist.window import Window, zone

HOUR = 3600
_zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
_moments = st.integers(0, 2**32)


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@given(_moments, _zones)
def test_ends_at_the_last_local_midnight_and_holds_seven_days(now: int, name: str) -> None:
    window = Window.current(now, name)
    assert window.end <= now < window.end + 25 * HOUR
    assert len(window.bounds) == 8
    assert list(window.bounds) == sorted(window.bounds)
    assert 6 * 24 * HOUR < window.end - window.start < 8 * 24 * HOUR
    assert datetime.fromtimestamp(now, ZoneInfo(name)).date() == window.as_of


@given(_moments, _zones)
def test_the_windows_of_successive_days_share_six_days(now: int, name: str) -> None:
    today = Window.current(now, name)
    tomorrow = Window.ending(date.fromordinal(today.as_of.toordinal() + 1), name)
    assert tomorrow.bounds[:-1] == today.bounds[1:]


@given(_moments, _zones)
def test_the_calendar_week_before_is_the_last_that_was_over(now: int, name: str) -> None:
    window = Window.current(now, name)
    week = window.calendar_week(1)
    assert week.as_of.weekday() == 0, "it ends with a Sunday"
    assert week.end <= window.start < week.end + 7 * 24 * HOUR + HOUR
    before = date.fromordinal(week.as_of.toordinal() - 7)
    assert window.calendar_week(2) == Window.ending(before, name)


@pytest.mark.parametrize(
    ("as_of", "hours"),
    [
        (date(2026, 3, 29), 168),
        (date(2026, 3, 30), 167),
        (date(2026, 4, 5), 167),
        (date(2026, 4, 6), 168),
        (date(2026, 10, 26), 169),
    ],
)
def test_a_day_on_which_the_clocks_change_is_an_hour_shorter_or_longer(
    as_of: date, hours: int
) -> None:
    window = Window.ending(as_of, "Europe/Berlin")
    assert (window.end - window.start) // HOUR == hours


def test_the_window_includes_its_start_and_excludes_its_end() -> None:
    window = Window.current(_at("2026-11-22T12:00"), "UTC")
    assert (window.start, window.end) == (_at("2026-11-15"), _at("2026-11-22"))
    assert window.start in window
    assert window.end - 1 in window
    assert window.start - 1 not in window
    assert window.end not in window


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "UTC\0"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="time_zone"):
        Window.current(0, name)


@pytest.mark.parametrize(
    "name",
    ["Factory", "localtime", "posixrules", "posix/UTC", "right/UTC", "x" * 65, "", "../UTC", "\0"],
)
def test_what_is_no_time_zone_of_a_place_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="time_zone"):
        zone(name)
