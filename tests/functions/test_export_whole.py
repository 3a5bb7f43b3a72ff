"""Every attribute of every table is exported, or listed with a reason why not."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cli.sandbox.deployment import add_tenants, make_tables
from cli.sandbox.people import GRID, NOON
from functions.export.document import LEFT_OUT
from tests.functions.conftest import Stage
from tests.synthesis import ROOT
from topk.domain.account.connection import Status
from topk.domain.account.personal_token import Kind
from topk.domain.crawl.timetable import Cadence
from topk.domain.imports.history_import import KEPT_SECONDS
from topk.domain.imports.history_import import Status as ImportStatus
from topk.domain.play import Play, Precision, Track
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList
from topk.stores.codecs.chunk_format import decode as decode_chunk
from topk.stores.codecs.chunk_format import encode as encode_chunk
from topk.stores.codecs.list_format import decode as decode_list
from topk.stores.codecs.list_format import encode as encode_list
from topk.stores.dynamodb.models import MODELS

FAR = 4_000_000_000
OWNER, USER, TENANT = "harbor#anna", "anna", "harbor"
OLD_LIST = (ROOT / "tests/stores/golden/list-1.bin").read_bytes()
_MEMBERS = {"receipt", "read", "new", "left"}
"""Members of an import's body that have other names in the export."""
Rows = Mapping[str, list[dict[str, Any]]]

_names = st.text("abcdefghijklmnop", min_size=6, max_size=12)
_moments = st.integers(10**9, NOON - 3600)
_counts = st.integers(2, 10**6)
_songs = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)
_days = st.integers(15_000, 22_000)
_tracks = st.builds(
    Track,
    _names,
    _names,
    st.lists(_names, max_size=2).map(tuple),
    _names,
    st.integers(1, 9999),
    _names,
    _names,
    _names,
)
_ranked = st.builds(
    RankedSong,
    song_id=_songs,
    title=_names,
    singers=st.tuples(_names),
    albums=st.tuples(_names),
    listen_count=_counts,
    last_listened_at=_moments,
    url=_names,
    image=_names,
    providers=st.tuples(_names),
    joined=st.tuples(_songs),
)


@st.composite
def _rows(draw: st.DrawFn) -> Rows:
    provider = draw(_names)
    entry = GRID.entries(OWNER, provider, Cadence())[0]
    old = draw(st.booleans())
    return {
        "connections": [
            {
                "owner": OWNER,
                "provider": provider,
                "grant": f"sealed{draw(_names)}",
                "status": draw(st.sampled_from(Status)).value,
                "gaps": ",".join(map(str, draw(st.lists(_days, min_size=1, max_size=3)))),
                "reason": draw(_names),
                "checkpoint": draw(_names),
                **{name: draw(_moments) for name in _MOMENTS},
                **{name: draw(_counts) for name in ("per_day", "every_days", "version")},
                **{name: draw(_counts) for name in ("pulled_every", "followed", "much_followed")},
            }
        ],
        "timetable": [
            {
                "slot": f"{entry.minute // 60:02}{entry.minute % 60:02}#{entry.shard}",
                "connection": f"{OWNER}#{provider}",
                "every_days": draw(_counts),
                "pulled_every": draw(_counts),
            }
        ],
        "plays": [
            {
                "owner": OWNER,
                "chunk": f"{draw(_moments):010}#{provider}#{draw(_names)}",
                "body": encode_chunk((_play(draw, provider), _play(draw, provider))),
                "expires_at": 7,
            }
        ],
        "top_lists": [
            {
                "owner": OWNER,
                "window": "7d",
                "body": OLD_LIST if old else encode_list(_top_list(draw)),
                "as_of": draw(_days.map(_iso)),
                "time_zone": draw(_names),
                "complete_days": draw(_counts) if old else None,
                "latest": None,
                "version": 3,
            }
        ],
        "profiles": [
            {
                "owner": OWNER,
                "visibility": draw(st.sampled_from(Visibility)).value,
                "time_zone": draw(_names),
                "followers": draw(_counts),
                "hidden_songs": draw(st.sets(_songs, min_size=1, max_size=3)),
                "hidden_providers": draw(st.sets(_names, min_size=1, max_size=3)),
                "plays_deleted_at": draw(_moments),
                "exported_at": draw(_moments),
                **{name: draw(_names) for name in ("display_name", "portrait", "service")},
            }
        ],
        "follows": [
            {"owner": OWNER, "other": draw(_names), "agreed_at": draw(_moments)},
            {"owner": f"{TENANT}#{draw(_names)}", "other": USER},
        ],
        "follow_requests": [
            {
                "owner": OWNER,
                "other": draw(_names),
                "asked_at": draw(_moments),
                "expires_at": FAR,
            },
            {
                "owner": f"{TENANT}#{draw(_names)}",
                "other": USER,
                "asked_at": NOON,
                "expires_at": FAR,
            },
        ],
        "blocks": [{"owner": OWNER, "other": draw(_names)}],
        "handshakes": [
            {
                "state_hash": f"hash{draw(_names)}",
                "owner": OWNER,
                "provider": draw(_names),
                "code_verifier": f"verifier{draw(_names)}",
                "redirect_uri": draw(_names),
                "return_to": draw(_names),
                "grant": f"sealed{draw(_names)}",
                "expires_at": draw(_moments),
            }
        ],
        "personal_tokens": [
            {
                "token_hash": f"hash{draw(_names)}",
                "owner": OWNER,
                "kind": draw(st.sampled_from(Kind)).value,
                "name": draw(_names),
                "parent": f"hash{draw(_names)}",
                "sealed_password": f"sealed{draw(_names)}",
                **{
                    name: draw(_moments)
                    for name in ("created_at", "last_used_at", "latest_import", "expires_at")
                },
            }
        ],
        "imports": [_import_row(draw)],
        "provider_users": [
            {"account": f"#{OWNER}", "external_user": f"{provider}#{draw(_names)}", "owners": None}
        ],
    }


_MOMENTS = (
    "status_since",
    "connected_at",
    "expires_at",
    "consent_ends_at",
    "crawled_through",
    "known_since",
    "heard_at",
    "calm_since",
    "viewed_at",
)


def _play(draw: st.DrawFn, provider: str) -> Play:
    return Play(provider, draw(_tracks), draw(_moments), draw(st.sampled_from(Precision)))


def _top_list(draw: st.DrawFn) -> TopList:
    known = Completeness(draw(_counts), (date(2026, 11, 20),), 0.125)
    return TopList((draw(_ranked),), date.min, "", known, Past())


def _gaps(value: str) -> Iterator[object]:
    return (_iso(int(day)) for day in value.split(","))


def _chunk(value: str) -> Iterator[object]:
    moment, provider, crawl_id = value.split("#")
    yield from (int(moment), provider, crawl_id)


_TOLD: Mapping[str, Callable[[Any], Iterable[object]]] = {
    "timetable.slot": lambda slot: (f"{slot[:2]}:{slot[2:4]}",),
    "timetable.connection": lambda key: (key.rpartition("#")[2],),
    "connections.gaps": _gaps,
    "connections.much_followed": lambda number: (bool(number),),
    "plays.chunk": _chunk,
    "provider_users.account": lambda key: (key.rpartition("#")[2],),
    "provider_users.external_user": lambda key: (key.rpartition("#")[2],),
    "profiles.hidden_songs": set,
    "profiles.hidden_providers": set,
}
"""By attribute: the part of its value that the export must contain, if not all of it."""


def _exported(attribute: str, value: Any) -> Iterable[object]:
    if attribute.endswith(".owner"):
        return (value.partition("#")[2],)
    return _TOLD[attribute](value) if attribute in _TOLD else (value,)


def _import_row(draw: st.DrawFn) -> dict[str, Any]:
    created_at = draw(st.integers(NOON - 20 * 86_400, NOON - 3600))
    receipt = {
        "read": draw(_counts),
        "new": draw(_counts),
        "left": {"known": draw(_counts)},
        "examples": {"time": [draw(_names)]},
        "files": [{"name": draw(_names), "format": draw(_names), "fault": "cut_off"}],
    }
    body = {
        "file_name": draw(_names),
        "status": draw(st.sampled_from(ImportStatus)).value,
        "started_at": draw(_moments),
        "finished_at": draw(_moments),
        "etag": draw(_names),
        "receipt": receipt,
    }
    return {
        "owner": OWNER,
        "import_id": draw(_names),
        "created_at": created_at,
        "body": json.dumps(body).encode(),
        "version": 1,
        "expires_at": created_at + KEPT_SECONDS,
    }


def _of_bodies(rows: Rows) -> Iterator[object]:
    for chunk in rows["plays"]:
        for play in decode_chunk(chunk["body"], chunk["chunk"].split("#")[1]):
            yield from (play.listened_at, play.precision.name.lower())
            yield from _leaves(list(play.track))
    for row in rows["imports"]:
        yield from (leaf for leaf in _leaves(json.loads(row["body"])) if leaf not in _MEMBERS)
    for row in rows["top_lists"]:
        found = decode_list(row["body"], as_of=date.min, time_zone="", complete_days=7)
        for song in found.songs:
            yield from _leaves(list(song))
        if row["complete_days"] is None:
            yield from (found.completeness.complete_days, 0.125, "2026-11-20", found.latest)


def _leaves(value: Any) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _write(rows: Rows) -> None:
    for table, of_table in rows.items():
        for values in of_table:
            MODELS[table](**values).save()


def _attributes() -> set[str]:
    return {f"{table}.{name}" for table, model in MODELS.items() for name in model.get_attributes()}


def _left_out(attribute: str) -> bool:
    return attribute in LEFT_OUT or f"{attribute.partition('.')[0]}.*" in LEFT_OUT


def test_every_attribute_is_exported_or_listed_as_left_out(stage: Stage) -> None:
    written: set[str] = set()

    @settings(max_examples=25, phases=(Phase.generate,))
    @given(_rows())
    def holds(rows: Rows) -> None:
        _empty()
        _write(rows)
        status, document = stage.ask("export/mine")
        assert status == 200
        leaves = set(_leaves(document))
        for table, of_table in rows.items():
            for row in of_table:
                for name, value in row.items():
                    attribute = f"{table}.{name}"
                    if value is None or name == "body":
                        continue
                    written.add(attribute)
                    if not _left_out(attribute):
                        assert leaves.issuperset(_exported(attribute, value)), attribute
        assert leaves.issuperset(_of_bodies(rows))
        assert not _secrets(rows) & leaves

    holds()
    unwritten = {one for one in _attributes() - written if not _left_out(one)}
    assert unwritten == {
        "imports.body",
        "plays.body",
        "top_lists.body",
        "top_lists.latest",
    }, "their contents are checked instead"


def _secrets(rows: Rows) -> set[object]:
    return {
        row[name]
        for of_table in rows.values()
        for row in of_table
        for name in ("grant", "code_verifier", "state_hash")
        if name in row
    }


def _empty() -> None:
    for model in MODELS.values():
        model.delete_table()
    make_tables()
    add_tenants()


def test_every_attribute_listed_as_left_out_exists() -> None:
    for named in LEFT_OUT:
        table, _, attribute = named.partition(".")
        assert attribute in {"*", *MODELS[table].get_attributes()}, named
