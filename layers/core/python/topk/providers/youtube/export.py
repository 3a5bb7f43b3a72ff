"""State of an account's exports, kept in the checkpoint."""

from typing import Self

import msgspec

from topk.domain.crawl.provider import Fetched
from topk.providers.checkpoints.day_digests import Days


class Export(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last export begun. Times are epoch seconds; None where there was none yet."""

    job: str | None = None
    """The export being prepared."""
    exported_through: int | None = None
    """Up to when the last complete export reached."""
    exported_at: int | None = None
    """When the last export was begun, which is up to when it reaches."""
    days: Days = {}
    """What the last complete export held."""
    refused_at: int | None = None
    """When Google first refused one because of another, which this connection does not know of."""

    @classmethod
    def of(cls, checkpoint: str) -> Self:
        """What `checkpoint` says; no export at all where it is empty or unreadable."""
        try:
            return msgspec.json.decode(checkpoint or "{}", type=cls)
        except msgspec.DecodeError:
            return cls()

    def begun(self, job: str, *, now: int) -> "Export":
        return msgspec.structs.replace(self, job=job, exported_at=now, refused_at=None)

    def refused(self, *, now: int) -> "Export":
        return self if self.refused_at else msgspec.structs.replace(self, refused_at=now)

    def reaching(self, moment: int | None) -> "Export":
        """Where Google says that the export ends before it was begun here: another began it."""
        if moment is None or self.exported_at is None or self.exported_at <= moment:
            return self
        return msgspec.structs.replace(self, exported_at=moment)

    def completed(self, days: Days) -> "Export":
        return Export(None, self.exported_at, self.exported_at, days)

    def dropped(self) -> "Export":
        """Without the job; what it would have brought falls to the next export."""
        return msgspec.structs.replace(self, job=None)

    def fetched(self, *, resume_after: int | None = None) -> Fetched:
        """A crawl that brought no plays."""
        checkpoint = msgspec.json.encode(self).decode()
        return Fetched((), checkpoint, self.exported_through or 0, resume_after=resume_after)
