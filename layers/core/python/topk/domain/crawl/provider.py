"""What a music provider is to the product: a way to connect an account and to read its plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from topk.domain.account.connection import Grant
from topk.domain.play import Play, Precision


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do.

    `depth` is how many plays back its history ever reaches, None where it holds all. `precision` is
    what its times usually stand for. `pushes` says that it can deliver plays by itself, `rotates`
    that each refresh token serves once.
    """

    depth: int | None
    precision: Precision
    pushes: bool = False
    rotates: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """What begins a connection. `state` comes back unchanged with the callback."""

    state: str
    code_verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one crawl brought.

    `checkpoint` is opaque to everyone but the adapter that made it. `crawled_through` (epoch
    seconds) says up to when nothing more is expected. `gap_since` is set where plays after that
    moment may have been lost at the provider. `resume_after` (seconds) asks for another crawl soon,
    while the provider prepares what was asked. `skipped` counts items that could not be read.
    `fill` (0 to 1) is the share of the provider's depth that new plays took, on the first crawl
    those of the last 24 hours; 0 where the depth is unlimited or no times are known.
    """

    plays: tuple[Play, ...]
    checkpoint: str
    crawled_through: int
    gap_since: int | None = None
    resume_after: int | None = None
    skipped: int = 0
    fill: float = 0.0


class Provider(Protocol):
    """One provider's adapter. All times are epoch seconds; errors are ProviderErrors.

    Adapters hold no state of a user and never sleep: a verdict goes back, and the queue waits.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def authorize_url(self, authorization: Authorization) -> str:
        """Where the user's browser is sent to consent."""
        ...

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        """Turns the callback's parameters into a grant. `answer` carries no `error`."""
        ...

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        """A grant with a fresh access token; keeps the refresh token where none came."""
        ...

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """All plays shown since `checkpoint` (empty: the first crawl), through all pages."""
        ...

    async def revoke(self, grant: Grant) -> None:
        """Gives the grant back where the provider can take it."""
        ...


class ConsentPage(Protocol):
    """What our own page needs where the provider's script in the browser obtains the token."""

    @property
    def script_url(self) -> str: ...

    @property
    def developer_token(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def post_to(self) -> str: ...


@runtime_checkable
class BrowserGranted(Provider, Protocol):
    """A provider without a code flow: a page of ours posts the user's token to the callback."""

    def page(self, *, state: str, redirect_uri: str, now: int) -> ConsentPage: ...
