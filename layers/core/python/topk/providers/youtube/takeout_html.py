"""Google Takeout's watch history of YouTube and YouTube Music, as HTML in any language.

Source: downloads that users of public readers reported (purarue/google_takeout_parser,
karlicoss/HPI). A record is an `outer-cell`. Its header is the product. Its first content cell has
lines for what was done, the channel and the time. Its caption has details, such as that it was an
advertisement.
"""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from topk.domain.imports.reading import Left
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, Read, Surroundings
from topk.providers.histories.text import split
from topk.providers.youtube.local_dates import Dates, dates_of
from topk.providers.youtube.takeout import reader
from topk.providers.youtube.wire import ADS, Activity, Named

CELL = '<div class="outer-cell'
_HEADER = re.compile(r'mdl-typography--title">(.*?)</p>', re.DOTALL)
_BODY = re.compile(r'mdl-typography--body-1">(.*?)</div>', re.DOTALL)
_LINE_END = re.compile(r"<br\s*/?>")
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a\s[^>]*href="([^"]*)"')


def cells(texts: Iterator[str]) -> Iterator[str]:
    """The records of a file, each from its opening tag on."""
    found = split(texts, CELL)
    next(found, "")
    return found


def _fits(sample: Sequence[Any]) -> bool:
    return any(_HEADER.search(one) and _BODY.search(one) for one in sample)


def _reader(sample: Sequence[Any], around: Surroundings) -> Read:
    lines = (_lines(cell) for cell in sample)
    dates = dates_of([found[-1] for found in lines if found], zone=around.zone)
    return reader(lambda cell: _activity(cell, dates), sample)


def _activity(cell: str, dates: Dates) -> Activity:
    lines, header = _lines(cell), _HEADER.search(cell)
    if len(lines) < 2 or header is None:
        raise UnusableError(Left.MALFORMED)
    moment = dates.moment(lines[-1])
    if moment is None:
        raise UnusableError(Left.TIME)
    body = _BODY.search(cell)
    links = _LINK.findall(body.group(1)) if body else []
    return Activity(
        title=lines[0],
        time=datetime.fromtimestamp(moment, UTC),
        header=_text(header.group(1)),
        title_url=html.unescape(links[0]) if links else None,
        subtitles=[Named(one) for one in lines[1:-1]],
        details=[Named(ADS)] if ADS in cell[cell.find("--caption") :] else [],
    )


def _lines(cell: str) -> list[str]:
    """The lines of the content cell: what was done, with what, and when."""
    body = _BODY.search(cell)
    if body is None:
        return []
    return [text for line in _LINE_END.split(body.group(1)) if (text := _text(line))]


def _text(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).replace("\xa0", " ").strip()


TAKEOUT_HTML = Format("takeout_html", _fits, _reader)
