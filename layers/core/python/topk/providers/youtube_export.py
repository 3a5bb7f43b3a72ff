"""Where the exports of one account stand, as a checkpoint keeps it."""

from typing import Self

import msgspec

from topk.domain.provider import Fetched


class Export(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last export begun. Times are epoch seconds; None where there was none yet."""

    job: str | None = None
    """The export being prepared."""
    exported_through: int | None = None
    """Up to when the last complete export reached: the next begins there."""
    exported_at: int | None = None
    """When the last export was begun, which is up to when it reaches."""

    @classmethod
    def of(cls, checkpoint: str) -> Self:
        """What `checkpoint` says; no export at all where it is empty or unreadable."""
        try:
            return msgspec.json.decode(checkpoint or "{}", type=cls)
        except msgspec.DecodeError:
            return cls()

    def begun(self, job: str, *, now: int) -> "Export":
        return Export(job, self.exported_through, now)

    def completed(self) -> "Export":
        return Export(exported_through=self.exported_at, exported_at=self.exported_at)

    def dropped(self) -> "Export":
        """Without the job; what it would have brought falls to the next export."""
        return Export(exported_through=self.exported_through, exported_at=self.exported_at)

    def fetched(self, *, resume_after: int | None = None) -> Fetched:
        """A crawl that brought no plays."""
        checkpoint = msgspec.json.encode(self).decode()
        return Fetched((), checkpoint, self.exported_through or 0, resume_after=resume_after)
