"""The bodies that the world's levers take."""

from datetime import date

import msgspec

from simulator.providers.trouble import RETRY_SECONDS, Mode


class ClockSetting(msgspec.Struct, frozen=True):
    now: float
    running: bool


class ServiceAddress(msgspec.Struct, frozen=True):
    api_urls: dict[str, str]


class FaultWish(msgspec.Struct, frozen=True):
    """`mode` null ends the fault; `accounts` null means everybody."""

    mode: Mode | None
    retry_after: int = RETRY_SECONDS
    accounts: list[str] | None = None


class ExportWish(msgspec.Struct, frozen=True):
    fails: bool


class LimitWish(msgspec.Struct, frozen=True):
    """Requests that one application may make in 30 seconds of the wall; null for plenty."""

    requests: int | None


class NewPlay(msgspec.Struct, frozen=True):
    song: int
    started_at: int


class NewPlays(msgspec.Struct, frozen=True):
    provider: str
    plays: list[NewPlay]


class Question(msgspec.Struct, frozen=True):
    """The polls are epoch seconds, in any order."""

    tenant: str
    user: str
    as_of: date
    polls: dict[str, list[float]]
