"""Google Takeout: the watch history of YouTube Music, as JSON and as HTML, in German."""

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from simulator.histories.listening import Played
from simulator.histories.writer import NOW, Writer, iso, number_of, object_of


def _takeout(one: Played, **more: Any) -> str:
    return object_of(
        {
            "header": "YouTube Music",
            "title": f"{one.title} angesehen",
            "titleUrl": f"https://music.youtube.com/watch?v={number_of(one.title) % 10**11:011d}",
            "subtitles": [
                {"name": f"{one.artist} - Topic", "url": "https://www.youtube.com/channel/UC1"}
            ],
            "time": f"{iso(one.started)[:-1]}.250Z",
            "products": ["YouTube"],
            "activityControls": ["YouTube-Wiedergabeverlauf"],
            **more,
        }
    )


def _cell(one: Played, *, header: str = "YouTube Music", caption: str = "", date: str = "") -> str:
    local = datetime.fromtimestamp(one.started, UTC) + timedelta(hours=1)
    written = date or local.strftime("%d.%m.%Y, %H:%M:%S MEZ")
    video = f"https://music.youtube.com/watch?v={number_of(one.title) % 10**11:011d}"
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">'
        f"{header}<br></p></div>"
        '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">'
        f'<a href="{video}">{escape(one.title)}</a>\xa0angesehen<br>'
        f'<a href="https://www.youtube.com/channel/UC1">{escape(one.artist)} - Topic</a><br>'
        f"{written}<br></div>"
        '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 '
        'mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption">'
        f"<b>Produkte:</b><br>&emsp;YouTube<br>{caption}</div></div></div>"
    )


_WATCH = "https://music.youtube.com/watch?v=1"
JSON = Writer(
    "takeout_json",
    "Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.json",
    _takeout,
    not_songs=(
        _takeout(NOW, header="YouTube"),
        _takeout(NOW, details=[{"name": "Von Google Ads"}]),
    ),
    unreadable=(
        _takeout(NOW, title=f"{_WATCH} angesehen", titleUrl=_WATCH),
        _takeout(NOW, time="gestern"),
    ),
    newest_first=True,
)
HTML = Writer(
    "takeout_html",
    "Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.html",
    _cell,
    before='<html><body><div class="mdl-grid">',
    between="",
    after="</div></body></html>",
    not_songs=(
        _cell(NOW, header="YouTube"),
        _cell(NOW, caption="<b>Details:</b><br>&emsp;Von Google Ads<br>"),
    ),
    unreadable=(_cell(NOW, date="gestern"),),
    newest_first=True,
)
