"""An owner's plays as lists count them: corrected, and without what must not be mixed."""

from collections.abc import Iterable, Sequence

from topk.domain.account.connection import Connection
from topk.domain.errors import OverBudgetError
from topk.domain.play import Brought, Started, in_order, plays_of
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.provider_policies import shown_providers
from topk.domain.song.joining import Grouping
from topk.domain.toplist.corrections import Corrections
from topk.domain.toplist.ranking import same_songs


class Listening:
    """The rules of `history`, for at most `most` plays. `connected` are the owner's accounts."""

    def __init__(self, history: History, connected: Iterable[Connection], *, most: int) -> None:
        accounts = list(connected)
        self._corrections = Corrections(history.corrections)
        self.grouped: Grouping = self._corrections.songs
        self._separate = history.separate
        self._shows = shown_providers(history.separate, [one.provider for one in accounts])
        self.connections = [one for one in accounts if self._shows(one.provider)]
        self._hidden = history.hidden
        self._most, self._size = most, 0

    def kept(self, brought: Sequence[Brought]) -> Sequence[Brought]:
        """The plays of `brought` that were the owner's and may be shown together."""
        kept = self._corrections.kept(brought)
        if not self._separate:
            return kept
        return [(at, tuple(one for one in of if self._shows(one.provider))) for at, of in kept]

    def in_order(self, brought: Sequence[Brought]) -> list[Started]:
        """The plays of `brought`. Raises OverBudgetError above the maximum of all calls."""
        self._size += sum(len(plays) for _, plays in brought)
        if self._size > self._most:
            raise OverBudgetError("more plays than a list may be made of")
        return in_order(plays_of(brought))

    def hidden_songs(self, names: frozenset[str], reports: Iterable[Started]) -> frozenset[str]:
        """Every id of the hidden songs `names`, which may be of an earlier rule of identity."""
        marks = [mark for mark in self._hidden if not names.isdisjoint(mark.ids)]
        todays = names.union(*(mark.current() for mark in marks))
        return same_songs(reports, todays, grouped=self.grouped)

    def watched(self, hidden: Hidden) -> list[Connection]:
        """The accounts that others see."""
        return [one for one in self.connections if one.provider not in hidden.providers]


def visible(reports: Sequence[Started], hidden: Hidden) -> Sequence[Started]:
    """Reports of providers that are not hidden."""
    names = hidden.providers
    return [one for one in reports if one[1].provider not in names] if names else reports
