"""Build the rankings of a window from an owner's plays."""

from collections.abc import Iterable

from topk.domain.account.connection import Connection
from topk.domain.limits import MOST_REPORTS, MOST_SONGS
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.albums import top_albums
from topk.domain.toplist.artists import top_artists
from topk.domain.toplist.completeness import completeness
from topk.domain.toplist.ranking import inferred_plays, ranked_songs, songs_played
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

    `history` has every play that may belong to it. Raises OverBudgetError above MOST_REPORTS plays.
    """
    listening = Listening(history, connected, most=MOST_REPORTS)
    reports = listening.in_order(listening.kept(history.brought))
    played, duplicates = songs_played(
        visible(reports, hidden),
        window,
        hidden=listening.hidden_songs(hidden.songs, reports),
        grouped=listening.grouped,
    )
    artists, without_artist = top_artists(played, MOST_SONGS)
    albums, without_album = top_albums(played, MOST_SONGS)
    return Tops(
        span,
        window,
        completeness(
            window,
            listening.watched(hidden),
            counted=sum(len(plays) for plays, _ in played),
            inferred=inferred_plays(played),
            duplicates=() if hidden else duplicates,
        ),
        ranked_songs(played[:MOST_SONGS]),
        artists,
        albums,
        without_artist,
        without_album,
    )
