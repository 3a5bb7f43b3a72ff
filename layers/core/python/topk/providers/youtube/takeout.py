"""Google Takeout's watch history of YouTube and YouTube Music, as JSON.

The records are those of the Data Portability API (`wire.py`). Only those that Google marks as
YouTube Music are plays: nothing tells a song from another video otherwise. There is no duration, so
that every record that was watched counts.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import ValidationError, convert

from topk.domain.crawl.skipped import Skip
from topk.domain.imports.reading import Left, Record
from topk.providers.histories import fields
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, Read, Surroundings, having
from topk.providers.reading.lenient import UnreadableError, read_leniently
from topk.providers.youtube.watched import Wording, wording_of
from topk.providers.youtube.wire import Activity

_LEFT = {
    Skip.AD: Left.AD,
    Skip.SEARCH: Left.SEARCH,
    Skip.OTHER_ACTIVITY: Left.ACTIVITY,
    Skip.REMOVED: Left.DELETED,
    Skip.UNKNOWN: Left.ACTIVITY,
    Skip.TITLE: Left.TITLE,
    Skip.TIME: Left.TIME,
    Skip.TEXT: Left.TEXT,
}


def record_of(activity: Activity, wording: Wording) -> Record:
    """The record of one activity. Raises UnusableError."""
    if not activity.is_music:
        other = activity.skip
        return Record(left=_LEFT[other] if other and other is not Skip.REMOVED else Left.VIDEO)
    if activity.skip is not None:
        left = _LEFT[activity.skip]
        if left is Left.DELETED:
            raise UnusableError(left)
        return Record(left=left)
    title = wording.title_in(activity.title)
    if not title:
        return Record(left=Left.ACTIVITY)
    play = activity.play(fields.name(title, Left.TITLE))
    fields.plausible(play.listened_at)
    return Record((play,))


def reader(parse: Callable[[Any], Activity], sample: Sequence[Any]) -> Read:
    """Reads what `parse` makes an activity of, in the wording of `sample`."""
    activities = [found for value in sample if (found := _tried(parse, value)) is not None]
    music = [one for one in activities if one.is_music and one.skip is None]
    wording = wording_of(one.title for one in music)

    def read(value: Any) -> Record:
        return record_of(parse(value), wording)

    return read


def _tried(parse: Callable[[Any], Activity], value: Any) -> Activity | None:
    try:
        return parse(value)
    except (UnusableError, AttributeError, TypeError, ValueError):
        return None


def _parse(value: Any) -> Activity:
    try:
        return convert(value, Activity)
    except ValidationError:
        pass
    try:
        return read_leniently(value, Activity)
    except UnreadableError as error:
        raise UnusableError(_LEFT.get(error.reason, Left.MALFORMED)) from None


def _json_reader(sample: Sequence[Any], _around: Surroundings) -> Read:
    return reader(_parse, sample)


TAKEOUT_JSON = Format("takeout_json", having("header", "title", "time"), _json_reader)
