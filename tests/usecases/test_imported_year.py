"""An imported history of a year is in the lists of long windows, and not in that of seven days."""

from tests.fakes import ANNA, DAY, NOON, play
from tests.memory_stores import Plays
from topk.domain.chunk import compacted
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.window import Span, Window
from topk.usecases.lists.build_tops import build_tops


def test_compacted_plays_count_in_the_windows_that_reach_them() -> None:
    plays = Plays()
    ages = (3, 20, 100, 300, 370)
    for age in ages:
        at = NOON - age * DAY
        plays.append(compacted(ANNA, [(at, (play("Dawn", at),))], through=at))
    found = {}
    for span in (Span.FOUR_WEEKS, Span.SIX_MONTHS, Span.YEAR):
        window = Window.of(span, NOON)
        history = plays.begin_long_history(ANNA, window.start - 3600, recent=window.end - 15 * DAY)
        tops = build_tops(span, window, history=history(), connected=[], hidden=Hidden())
        found[span] = sum(song.listen_count for song in tops.songs)
    assert found == {Span.FOUR_WEEKS: 2, Span.SIX_MONTHS: 3, Span.YEAR: 4}
    assert plays.begin_history(ANNA, 0)().brought == []
