"""The request bodies of the world's control API."""

from datetime import date

import msgspec

from simulator.providers.trouble import RETRY_SECONDS, Mode


class ClockSetting(msgspec.Struct, frozen=True):
    now: float
    running: bool


class ServiceAddress(msgspec.Struct, frozen=True):
    api_urls: dict[str, str]


class FaultSetting(msgspec.Struct, frozen=True):
    """`mode` null ends the fault; `accounts` null means all."""

    mode: Mode | None
    retry_after: int = RETRY_SECONDS
    accounts: list[str] | None = None


class ExportSetting(msgspec.Struct, frozen=True):
    fails: bool


class LimitSetting(msgspec.Struct, frozen=True):
    """Requests of one application per 30 seconds of real time; null for no limit."""

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
