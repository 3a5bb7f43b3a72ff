"""What happened, line by line, and a digest by which two courses are told apart."""

from datetime import UTC, datetime
from hashlib import blake2b


class Trace:
    """Keeps the lines where `kept`; the digest covers them in any case."""

    def __init__(self, *, kept: bool) -> None:
        self._kept = kept
        self._digest = blake2b(digest_size=8)
        self.lines: list[str] = []

    def note(self, now: float, who: str, what: str) -> None:
        """`who` did or met `what` at `now` (epoch seconds). Never told a token."""
        line = f"{now:.3f} {who} {what}"
        self._digest.update(line.encode())
        if self._kept:
            moment = datetime.fromtimestamp(now, UTC)
            self.lines.append(f"{moment:%d %H:%M:%S.%f}"[:-3] + f"  {who:<14}{what}")

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()
