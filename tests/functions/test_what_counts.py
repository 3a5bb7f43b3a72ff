"""The table of docs/scrobblers.md: what counts as a play, source by source."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from cli.sandbox.people import NOON
from tests.functions.conftest import EVENTS, Stage
from tests.functions.test_ingest import _event as delivery
from tests.providers import test_listenbrainz, test_partner
from tests.providers.accounts import NOW
from tests.providers.scripted import Script
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.skipped import Skip
from topk.domain.owner import Owner
from topk.domain.play_rule import BOUNDS, STANDARD, PlayRule
from topk.stores.tables.plays import Plays

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scrobblers.md").read_text(encoding="utf-8")
LENGTH = 200
ENOUGH, SHORT = LENGTH // 2, LENGTH // 2 - 1


def _table(header: str) -> list[list[str]]:
    """The cells of the document's table with this header row."""
    rows = DOCUMENT.partition(header)[2].strip("\n").splitlines()[1:]
    body = rows[: next((n for n, row in enumerate(rows) if not row.startswith("|")), len(rows))]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in body]


SOURCES = {row[0]: row for row in _table("| source | what it reports | what counts |\n")}


def _fixture(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def _titles(user: str, provider: str) -> set[str]:
    found = Plays(retention_days=35).since(Owner("harbor", user), 0)
    return {play.track.title for _, plays in found for play in plays if play.provider == provider}


def _listens(stage: Stage) -> set[str]:
    played = {"Enough": ENOUGH, "Short": SHORT, "Unreported": None, "Unreadable": "an hour"}
    event = _fixture("scrobble/submit_import")
    payload = [
        {
            "listened_at": NOON - 3600 + at,
            "track_metadata": {
                "artist_name": "The Lanterns",
                "track_name": title,
                "additional_info": {"duration": LENGTH, "duration_played": seconds},
            },
        }
        for at, (title, seconds) in enumerate(played.items())
    ]
    event["body"] = json.dumps({"listen_type": "import", "payload": payload})
    answer = stage.call("scrobble", event)
    assert answer["statusCode"] == 200
    rejected = json.loads(answer["body"])["rejected"]
    assert rejected == [{"index": 1, "error": "duration_played: too short to count as a play"}]
    return _titles("anna", "scrobbler")


def _submissions(stage: Stage) -> set[str]:
    stage.play("scrobble/handshake")
    event = _fixture("scrobble/submission")
    form = dict(parse_qsl(event["body"]))
    for index, rating in enumerate(("", "L", "S", "B")):
        title = {"": "Enough", "L": "Unreported", "S": "Short", "B": "Banned"}[rating]
        form |= {f"a[{index}]": "The Lanterns", f"t[{index}]": title, f"r[{index}]": rating}
        form |= {f"i[{index}]": str(NOON - 3600 + index), f"l[{index}]": str(LENGTH)}
    event["body"] = urlencode(form)
    assert stage.call("scrobble", event)["body"] == "OK\n"
    return _titles("anna", "scrobbler") | {"Unreadable"}


def _delivered(stage: Stage) -> set[str]:
    body = json.loads(_fixture("ingest/delivered")["body"])
    first = body["listens"][0]
    played = {"Enough": ENOUGH * 1000, "Short": ENOUGH * 1000 - 1, "Unreported": None}
    body["listens"] = [
        first
        | {"listened_at": NOON - 3600 + at, "played_ms": milliseconds}
        | {"track": {"title": title, "artists": ["A"], "duration_ms": LENGTH * 1000}}
        for at, (title, milliseconds) in enumerate(played.items())
    ]
    answer = json.loads(stage.call("ingest", delivery(json.dumps(body)))["body"])
    assert answer["accepted"] == 2
    assert [(one["index"], one["code"]) for one in answer["rejected"]] == [(1, "skipped")]
    return _titles("finn", "partner") | {"Unreadable"}


def _counted(fetched: Fetched) -> set[str]:
    counted = fetched.counted(STANDARD)
    assert counted.left_out.counts == {Skip.SHORT: 1}
    assert counted.skipped == 0, "a skipped song is not a lost play"
    return {play.track.title for play in counted.plays}


def _pages(_: Stage) -> set[str]:
    played = {"Enough": ENOUGH * 1000, "Short": ENOUGH * 1000 - 1, "Unreported": None}
    listed = [
        test_partner.listen(NOW - 3600 + at, title=title, duration_ms=LENGTH * 1000)
        | {"played_ms": milliseconds}
        for at, (title, milliseconds) in enumerate(played.items())
    ]
    return _counted(test_partner.crawl(Script(test_partner.page(*listed)))) | {"Unreadable"}


def _account(_: Stage) -> set[str]:
    played = {"Enough": ENOUGH, "Short": str(SHORT), "Unreported": None, "Unreadable": "an hour"}
    listed = [
        test_listenbrainz.listen(
            NOW - 3600 + at,
            track_name=title,
            additional_info={"duration": LENGTH, "duration_played": seconds},
        )
        for at, (title, seconds) in enumerate(played.items())
    ]
    return _counted(test_listenbrainz.crawl(test_listenbrainz.page(*listed)))


CHECKS: dict[str, Callable[[Stage], set[str]]] = {
    "ListenBrainz's protocol": _listens,
    "AudioScrobbler 1.2": _submissions,
    "a partner's push": _delivered,
    "a partner's pages": _pages,
    "a ListenBrainz account": _account,
}


@pytest.mark.parametrize("source", CHECKS)
def test_a_source_that_reports_skips_shows_none(stage: Stage, source: str) -> None:
    shown = CHECKS[source](stage)
    assert {"Enough", "Unreported", "Unreadable"} <= shown
    assert shown.isdisjoint({"Short", "Banned"})


def test_the_document_lists_these_sources() -> None:
    judged = {name for name, row in SOURCES.items() if row[2] != "everything"}
    assert judged == CHECKS.keys()


def test_the_document_shows_the_bounds_of_a_tenants_rule() -> None:
    shown = {
        re.search(r"`(\w+)`", row[0])[1]: (int(row[1]), int(row[2]), int(row[3]))  # type: ignore[index]
        for row in _table("| field | default | from | to |\n")
    }
    standard = PlayRule()
    assert shown == {name: (getattr(standard, name), *BOUNDS[name]) for name in BOUNDS}
