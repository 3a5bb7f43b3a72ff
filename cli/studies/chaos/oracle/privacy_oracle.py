"""The privacy changes that the service confirmed: hidden songs, private lists, deletions, erasures.

Every view that begins after a change was confirmed is checked against it at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.fault_injector import LAG_SECONDS
from topk.domain.owner import Owner

Song = int | None
"""A place in the catalogue; None for an unknown song."""


@dataclass
class PrivacyOracle:
    """Times are epoch seconds. An eventually consistent read may lag behind a change."""

    finder: SongFinder
    hidden: dict[Owner, dict[Song, float]] = field(default_factory=lambda: defaultdict(dict))
    private: dict[Owner, float] = field(default_factory=dict)
    hidden_ids: dict[Owner, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """Like `hidden`, by the service's song ids."""
    deleted: dict[Owner, list[tuple[Song, int]]] = field(default_factory=lambda: defaultdict(list))
    """Each song with the time up to which its plays are deleted."""
    disconnected: dict[tuple[Owner, str], int] = field(default_factory=dict)
    """Accounts whose provider demands deletion, with the time up to which its plays are deleted."""
    receipts: dict[Owner, str] = field(default_factory=dict)
    """Receipts of the erased users."""
    erased: dict[Owner, float] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def song(self, shown: Mapping[str, Any]) -> Song:
        """The song of the world that a song in a response stands for."""
        return self.finder.at(shown["url"], shown["title"], tuple(shown["singers"]))

    def check_view(self, at: Owner, began: float, songs: Iterable[Mapping[str, Any]]) -> None:
        """Checks `songs`, which another user got as the list of `at` in a view begun at `began`."""
        if self._kept(self.private.get(at), began):
            self.broken.append(f"{at.key}: a private list was shown")
        if self._kept(self.erased.get(at), began):
            self.broken.append(f"{at.key}: the list of an erased user was shown")
        hidden = self.hidden.get(at, {})
        if any(self._kept(hidden.get(self.song(song)), began) for song in songs):
            self.broken.append(f"{at.key}: a hidden song was shown")

    def check_announcement(
        self, of: Owner, began: float, songs: Iterable[Mapping[str, Any]]
    ) -> None:
        """Checks `songs`, announced to the tenant as the list of `of`, read at `began` or later."""
        if self._kept(self.private.get(of), began):
            self.broken.append(f"{of.key}: a private list was announced")
        if self._kept(self.erased.get(of), began):
            self.broken.append(f"{of.key}: the list of an erased user was announced")
        hidden = self.hidden_ids.get(of, {})
        if any(self._kept(hidden.get(song["song_id"]), began) for song in songs):
            self.broken.append(f"{of.key}: a hidden song was announced")

    def counts(self, owner: Owner, song: Song, moment: float) -> bool:
        """Whether a play of `song` at `moment` is not deleted."""
        of_owner = self.deleted.get(owner, ())
        return not any(song == deleted and moment <= until for deleted, until in of_owner)

    def stays(self, owner: Owner, provider: str, moment: float) -> bool:
        """Whether a play at `moment` was not deleted with the account of its report."""
        return moment > self.disconnected.get((owner, provider), -1)

    def _kept(self, since: float | None, began: float) -> bool:
        return since is not None and since + LAG_SECONDS < began
