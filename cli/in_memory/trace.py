"""A log of what happened in a run, and a digest to compare two runs."""

from datetime import UTC, datetime
from hashlib import blake2b


class Trace:
    """Keeps the lines if `kept`; the digest always covers them."""

    def __init__(self, *, kept: bool) -> None:
        self._kept = kept
        self._digest = blake2b(digest_size=8)
        self.lines: list[str] = []

    def note(self, now: float, who: str, what: str) -> None:
        """Records that `what` happened to `who` at `now` (epoch seconds). Pass no tokens."""
        line = f"{now:.3f} {who} {what}"
        self._digest.update(line.encode())
        if self._kept:
            moment = datetime.fromtimestamp(now, UTC)
            self.lines.append(f"{moment:%d %H:%M:%S.%f}"[:-3] + f"  {who:<14}{what}")

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()
