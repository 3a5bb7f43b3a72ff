"""Dates in the languages of Google accounts, as Babel writes them."""

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.date_words import FILE, LANGUAGES, written
from topk.providers.youtube.local_dates import dates_of

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
LATEST = datetime(2026, 11, 20, 9, 1, 2, tzinfo=UTC)


def shown(moment: datetime, language: str) -> str:
    """A date as the page of a history shows it: CLDR's medium form, and the offset."""
    offset = format_datetime(moment, "ZZZZ", locale="en")
    return f"{format_datetime(moment, 'medium', locale=language)} {offset}"


def test_the_words_of_dates_are_those_of_cldr() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), (
        "update it with .venv/bin/python -m tests.providers.date_words"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_years_dates_are_read_in_every_language(language: str) -> None:
    local = ZoneInfo(ZONES[LANGUAGES.index(language) % len(ZONES)])
    steps = ((137_003 + 7919 * at % 830_000) for at in range(60))
    moments = [LATEST - timedelta(seconds=ago) for ago in accumulate(steps)]
    texts = [shown(one.astimezone(local), language) for one in moments]
    dates = dates_of(texts, zone=local)
    assert [dates.moment(one) for one in texts] == [int(one.timestamp()) for one in moments]


@given(st.sampled_from(["nl", "sv", "es", "fr", "it", "pt", "cs", "pl"]), st.integers(1, 300))
def test_a_month_that_the_first_dates_do_not_have_is_read_too(language: str, days: int) -> None:
    """A listener's first records may be of one day."""
    recent = [LATEST - timedelta(minutes=at) for at in range(20)]
    dates = dates_of([shown(one, language) for one in recent], zone=UTC)
    earlier = LATEST - timedelta(days=days)
    assert dates.moment(shown(earlier, language)) == int(earlier.timestamp())


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("Jun 23, 2015, 2:43:45 PM", BERLIN, "2015-06-23T14:43:45Z"),
        ("Jan 22, 2020, 8:34:00 PM UTC", BERLIN, "2020-01-22T20:34:00Z"),
        ("Jan 15, 2021, 6:54:12 PM BST", UTC, "2021-01-15T17:54:12Z"),
        ("Sep 10, 2019, 8:51:45 PM MSK", UTC, "2019-09-10T17:51:45Z"),
        ("6 Oct 2020, 14:32:28 PDT", UTC, "2020-10-06T21:32:28Z"),
        ("01.09.2022, 21:08:12 MESZ", UTC, "2022-09-01T19:08:12Z"),
        ("2023. 4. 1. 오전 12:00:05 KST", UTC, "2023-03-31T15:00:05Z"),
        ("5 ม.ค. 2567 15:14:15 GMT+07:00", UTC, "2024-01-05T08:14:15Z"),
        ("٥ يناير ٢٠٢٤، ٣:١٤:١٥ م GMT+03:00", UTC, "2024-01-05T12:14:15Z"),
        ("5 oct. 2024, 15 h 04 min 09 s EDT", UTC, "2024-10-05T19:04:09Z"),
        ("Jan 5, 2024, 3:14:15 PM IST", ZoneInfo("Asia/Kolkata"), "2024-01-05T09:44:15Z"),
        ("2010-11-10 19:49:05 UTC", BERLIN, "2010-11-10T19:49:05Z"),
    ],
)
def test_dates_of_public_bug_reports(text: str, zone: tzinfo, expected: str) -> None:
    """Reported to purarue/google_takeout_parser, karlicoss/HPI and A3M4/YouTube-Report."""
    found = dates_of([text], zone=zone).moment(text)
    assert found == int(datetime.fromisoformat(expected).timestamp())


@pytest.mark.parametrize(
    "text", ["", "yesterday", "99.99.2024, 10:00:00", "10:00:00", "5 Oct 2024"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates_of([text], zone=UTC).moment(text) is None
