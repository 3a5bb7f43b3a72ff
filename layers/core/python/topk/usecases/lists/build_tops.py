"""Build the rankings of a window from an owner's plays."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from topk.domain.account.connection import Connection
from topk.domain.limits import MOST_LONG_REPORTS, MOST_SONGS
from topk.domain.play import Brought
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.albums import top_albums
from topk.domain.toplist.artists import top_artists
from topk.domain.toplist.completeness import completeness
from topk.domain.toplist.ranking import ranked_songs, songs_played
from topk.domain.toplist.tops import Tops
from topk.domain.toplist.window import Span, Window
from topk.usecases.lists.listening import Listening, visible


def build_tops(
    span: Span,
    window: Window,
    *,
    history: History,
    connected: Iterable[Connection],
    hidden: Hidden,
) -> Tops:
    """The rankings of `window`, as if `hidden` plays did not exist.

    `history` has every play that may belong to it. Of more than MOST_LONG_REPORTS plays the latest
    count.
    """
    listening = Listening(history, connected, most=MOST_LONG_REPORTS)
    brought, since = _latest(listening.kept(history.brought))
    reports = listening.in_order(brought)
    played = songs_played(
        visible(reports, hidden),
        window,
        hidden=listening.hidden_songs(hidden.songs, reports),
        grouped=listening.grouped,
    )
    artists, without_artist = top_artists(played.songs, MOST_SONGS)
    albums, without_album = top_albums(played.songs, MOST_SONGS)
    return Tops(
        span,
        window,
        completeness(
            window,
            listening.watched(hidden),
            counted=played.counted,
            inferred=played.inferred,
            duplicates=() if hidden else played.duplicates,
            since=since,
        ),
        ranked_songs(played.songs[:MOST_SONGS]),
        artists,
        albums,
        without_artist,
        without_album,
    )


def _latest(brought: Sequence[Brought]) -> tuple[Sequence[Brought], int]:
    """The chunks that were fetched last, with at most MOST_LONG_REPORTS plays, and the time (epoch
    seconds) since when none is left out.
    """
    if sum(len(plays) for _, plays in brought) <= MOST_LONG_REPORTS:
        return brought, 0
    newest = sorted(brought, key=lambda one: one[0], reverse=True)
    size = list(accumulate(len(plays) for _, plays in newest))
    kept = bisect_right(size, MOST_LONG_REPORTS)
    return newest[:kept], newest[kept][0]
