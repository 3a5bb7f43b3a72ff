"""What users keep from others, have deleted, or take away with them: as the service confirmed it.

What others are shown is held to it at once: a wish that was confirmed is kept by every look that
begins after it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.fault_injector import LAG_SECONDS
from topk.domain.owner import Owner

Song = int | None
"""A place in the catalogue; None for what leads nowhere."""


@dataclass
class PrivacyOracle:
    """Moments are epoch seconds. A read that is eventually consistent may lag behind a wish."""

    finder: SongFinder
    hidden: dict[Owner, dict[Song, float]] = field(default_factory=lambda: defaultdict(dict))
    private: dict[Owner, float] = field(default_factory=dict)
    hidden_ids: dict[Owner, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """As the service names the songs."""
    deleted: dict[Owner, list[tuple[Song, int]]] = field(default_factory=lambda: defaultdict(list))
    """Each with the moment up to which its plays are deleted."""
    receipts: dict[Owner, str] = field(default_factory=dict)
    """Of those who had themselves erased."""
    erased: dict[Owner, float] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def song(self, shown: Mapping[str, Any]) -> Song:
        """Which song of the world one of an answer is."""
        return self.finder.at(shown["url"], shown["title"], tuple(shown["singers"]))

    def looked(self, at: Owner, began: float, songs: Iterable[Mapping[str, Any]]) -> None:
        """Another was shown `songs` as the list of `at`, by a look that began at `began`."""
        if self._kept(self.private.get(at), began):
            self.broken.append(f"{at.key}: a list was shown that its owner keeps to themselves")
        if self._kept(self.erased.get(at), began):
            self.broken.append(f"{at.key}: the list of an erased user was shown")
        hidden = self.hidden.get(at, {})
        if any(self._kept(hidden.get(self.song(one)), began) for one in songs):
            self.broken.append(f"{at.key}: a hidden song was shown")

    def told(self, of: Owner, began: float, songs: Iterable[Mapping[str, Any]]) -> None:
        """The tenant was told `songs` as the list of `of`, read no earlier than `began`."""
        if self._kept(self.private.get(of), began):
            self.broken.append(f"{of.key}: a list was told that its owner keeps to themselves")
        if self._kept(self.erased.get(of), began):
            self.broken.append(f"{of.key}: the list of an erased user was told")
        hidden = self.hidden_ids.get(of, {})
        if any(self._kept(hidden.get(one["song_id"]), began) for one in songs):
            self.broken.append(f"{of.key}: a hidden song was told")

    def counts(self, owner: Owner, song: Song, moment: float) -> bool:
        """Whether a play of `song` at `moment` is not deleted."""
        of_owner = self.deleted.get(owner, ())
        return not any(song == of and moment <= until for of, until in of_owner)

    def _kept(self, since: float | None, began: float) -> bool:
        return since is not None and since + LAG_SECONDS < began
