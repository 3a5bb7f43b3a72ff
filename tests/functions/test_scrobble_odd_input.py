"""scrobble: nothing that a player sends makes a 5xx or a play out of nothing."""

import base64
import itertools
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.sandbox.people import NOON
from functions.scrobble.listenbrainz_wire import read_listen
from tests.functions.conftest import EVENTS, Stage
from topk.domain.account.personal_token import md5
from topk.domain.errors import BadPayloadError
from topk.domain.owner import Owner
from topk.stores.tables.plays import Plays

_WINDOWS = itertools.count()
FIXTURES = sorted(path.stem for path in (EVENTS / "scrobble").glob("*.json"))
_names = st.sampled_from(
    [
        *("method", "sk", "s", "api_key", "format", "token", "username", "password", "authToken"),
        *("artist", "track", "timestamp", "album", "duration", "artist[0]", "track[0]"),
        *("timestamp[0]", "artist[99]", "i[0]", "a[0]", "t[0]", "l[0]", "hs", "u", "t", "a"),
        *("limit", "page", "from", "to", "count", "max_ts", "min_ts", "user", "user_name"),
        *("service", "personal_token"),
    ]
)
_values = st.one_of(
    st.sampled_from(
        [
            "",
            "fake-token-anna",
            "anna",
            "track.scrobble",
            "auth.getSession",
            "user.getRecentTracks",
            "json",
            "true",
            str(NOON),
            "-1",
            "9" * 400,
            "1e999",
            "nan",
            "\0",
            "\ud800",
            "a" * 3000,
        ]
    ),
    st.text(max_size=12),
    st.integers().map(str),
)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=[]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("listen_type", "payload", "listened_at", "track_metadata", "track_name"),
                    *("artist_name", "release_name", "additional_info", "duration", "duration_ms"),
                    *("tags", "artist_mbids", "recording_mbid", "recording_msid", "ts", "service"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
_ODD_VALUES = [1e999, -1, 0, 1e300, 10**30, True, [], {}, ["a"], {"a": 1}, None, "\0", "\ud800"]


def _mostly(value: object) -> st.SearchStrategy[Any]:
    return st.sampled_from([value] * 100 + _ODD_VALUES)


_info = st.dictionaries(
    st.sampled_from(
        ["duration", "duration_ms", "tags", "artist_mbids", "recording_mbid", "isrc", "origin_url"]
    ),
    st.sampled_from(_ODD_VALUES),
    min_size=1,
    max_size=3,
)
_listen = st.fixed_dictionaries(
    {
        "listened_at": _mostly(NOON - 60),
        "track_metadata": st.fixed_dictionaries(
            {"track_name": _mostly("a"), "artist_name": _mostly("b")},
            optional={"release_name": _mostly("c"), "additional_info": _info},
        ),
    }
)
_listens = st.fixed_dictionaries(
    {
        "listen_type": st.sampled_from(["single", "import", "playing_now"]),
        "payload": st.lists(_listen | _json, min_size=1, max_size=3),
    }
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fixture=st.sampled_from(FIXTURES),
    query=st.dictionaries(_names, _values, max_size=4),
    form=st.dictionaries(_names, _values, max_size=8),
    document=_json | _listens,
    kind=st.sampled_from(["form", "json", "bytes", "kept"]),
    raw=st.binary(max_size=40),
    signed=st.booleans(),
)
def test_no_input_makes_a_server_error(
    stage: Stage,
    fixture: str,
    query: dict[str, str],
    form: dict[str, str],
    document: Any,
    kind: str,
    raw: bytes,
    signed: bool,
) -> None:
    event = json.loads((EVENTS / f"scrobble/{fixture}.json").read_text(encoding="utf-8"))
    # Each call in a window of its own, so that the limit of calls hides nothing.
    event["requestContext"]["timeEpoch"] += next(_WINDOWS) * 10_000
    known = event.get("queryStringParameters") or {}
    event["queryStringParameters"] = known | query
    if kind == "form":
        known = dict(parse_qsl(event.get("body", ""), keep_blank_values=True))
        given = known | form
        event["body"] = urlencode(_signed(stage, given) if signed else given, errors="replace")
    elif kind == "json":
        event["body"] = json.dumps(document)
    elif kind == "bytes":
        event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
    answer = stage.call("scrobble", event)
    assert answer["statusCode"] < 500, (fixture, answer["body"])
    answer["body"].encode()


_ODD_TEXTS = ["", "-1", "9" * 400, "1e999", "nan", "\0", "\ud800", "a" * 3000, " ", "\u0661"]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fixture=st.sampled_from(
        ["scrobble", "now_playing", "recent_tracks", "mobile_session", "submission", "handshake"]
    ),
    changes=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(_ODD_TEXTS)), min_size=1, max_size=3
    ),
    more=st.sampled_from(["duration", "page", "from", "to", "limit", "mbid", "album", "l[0]"]),
)
def test_no_odd_value_of_a_known_parameter_makes_a_server_error(
    stage: Stage, fixture: str, changes: list[tuple[int, str]], more: str
) -> None:
    event = json.loads((EVENTS / f"scrobble/{fixture}.json").read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] += next(_WINDOWS) * 10_000
    params = dict(parse_qsl(event.get("body", ""), keep_blank_values=True))
    params |= event.get("queryStringParameters") or {}
    names = [more, *(name for name in params if name not in {"api_key", "method", "api_sig"})]
    params |= {names[place % len(names)]: odd for place, odd in changes}
    if fixture == "handshake":
        event["queryStringParameters"] = params
    else:
        event["body"] = urlencode(_signed(stage, params), errors="replace")
    answer = stage.call("scrobble", event)
    assert answer["statusCode"] < 500, (fixture, answer["body"])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_listens)
def test_no_listen_makes_a_server_error(stage: Stage, document: Any) -> None:
    event = json.loads((EVENTS / "scrobble/submit_single.json").read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] += next(_WINDOWS) * 10_000
    event["body"] = json.dumps(document)
    answer = stage.call("scrobble", event)
    assert answer["statusCode"] in {200, 400}, answer["body"]


@pytest.mark.parametrize("odd", _ODD_VALUES, ids=repr)
def test_every_odd_value_of_a_listen_is_read_or_refused(odd: object) -> None:
    info = ("duration", "duration_ms", "tags", "artist_mbids", "recording_mbid", "isrc")
    names = ("track_name", "artist_name", "release_name", "additional_info")
    plain = {"track_name": "a", "artist_name": "b"}
    listens = [
        {"listened_at": odd, "track_metadata": plain},
        {"listened_at": NOON, "track_metadata": odd},
        *({"listened_at": NOON, "track_metadata": plain | {name: odd}} for name in names),
        *(
            {"listened_at": NOON, "track_metadata": plain | {"additional_info": {name: odd}}}
            for name in (*info, "origin_url")
        ),
    ]
    for listen in listens:
        with suppress(BadPayloadError):
            assert read_listen(listen, now=NOON).play.track.title


def _signed(stage: Stage, form: dict[str, str]) -> dict[str, str]:
    _, shown = stage.ask("scrobble/tokens")
    given = form | {"api_key": shown["lastfm_api_key"]}
    given.pop("api_sig", None)
    readable = {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}
    text = "".join(name + readable[name] for name in sorted(readable) if name != "format")
    return readable | {"api_sig": md5(text + shown["lastfm_shared_secret"])}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_title_comes_back_as_it_was_stored(stage: Stage, artist: str, title: str) -> None:
    event = json.loads((EVENTS / "scrobble/submit_single.json").read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] += next(_WINDOWS) * 10_000
    listen = {
        "listened_at": NOON - 60,
        "track_metadata": {"artist_name": artist, "track_name": title},
    }
    event["body"] = json.dumps({"listen_type": "single", "payload": [listen]})
    accepted = stage.call("scrobble", event)["statusCode"] == 200
    assert accepted == bool(artist.strip() and title.strip() and "\0" not in artist + title), quote(
        artist + title
    )
    stored = {
        (play.track.artists[0], play.track.title)
        for _, plays in Plays(retention_days=35).since(Owner("harbor", "anna"), 0)
        for play in plays
        if play.provider == "scrobbler"
    }
    assert ((artist.strip(), title.strip()) in stored) == accepted
