"""The interface of a music provider: connect an account and read its plays."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from topk.domain.account.connection import Grant
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.play import Play, Precision
from topk.domain.play_rule import PlayRule


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Capabilities of a provider.

    `depth` is the number of plays in its history, None if it keeps all. `precision` is what its
    times usually mean. `pushes`: it can push plays. `rotates`: each refresh token is single use.
    """

    depth: int | None
    precision: Precision
    pushes: bool = False
    rotates: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """Parameters to start a connection. `state` returns unchanged with the callback."""

    state: str
    code_verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The result of one crawl.

    `checkpoint` is opaque except to its adapter. `crawled_through` (epoch seconds) is the time up
    to which no more plays are expected. `gap_since` is set if plays after it may have been lost at
    the provider. `resume_after` (seconds) requests another crawl soon, while the provider prepares
    an export. `read` counts the readable items, known ones included, and `left_out` the others.
    `fill` (0 to 1) is the share of the provider's depth that new plays filled, on the first crawl
    those of the last 24 hours; 0 if the depth is unlimited or times are unknown. `played` is how
    many seconds the user listened, of the plays whose provider reports it.
    """

    plays: tuple[Play, ...]
    checkpoint: str
    crawled_through: int
    gap_since: int | None = None
    resume_after: int | None = None
    read: int = 0
    left_out: Skipped = NOTHING_SKIPPED
    fill: float = 0.0
    played: Mapping[Play, float] = field(default_factory=dict)

    @property
    def skipped(self) -> int:
        """How many plays were left out, as far as is known."""
        return self.left_out.lost

    def counted(self, rule: PlayRule) -> "Fetched":
        """Without the plays that do not count by `rule`."""
        if not self.played:
            return self
        kept = tuple(
            play
            for play in self.plays
            if rule.counts(played=self.played.get(play), duration=play.track.duration)
        )
        short = Skipped.of(Skip.SHORT, len(self.plays) - len(kept))
        return replace(self, plays=kept, left_out=self.left_out + short)

    @property
    def is_blind(self) -> bool:
        """Whether there were plays, and none could be read: nothing is known of that time."""
        return not (self.read or self.plays) and self.skipped > 0


class Provider(Protocol):
    """One provider's adapter. All times are epoch seconds; errors are ProviderErrors.

    Adapters keep no user state and never sleep: they return a result, and the queue delays.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def authorize_url(self, authorization: Authorization) -> str:
        """URL of the provider's consent page."""
        ...

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        """Turn the callback's parameters, which contain no `error`, into a grant."""
        ...

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        """A grant with a fresh access token; keeps the refresh token if there is no new one."""
        ...

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """All plays since `checkpoint` (empty: the first crawl), over all pages."""
        ...

    async def revoke(self, grant: Grant) -> None:
        """Revoke the grant if the provider supports it."""
        ...


class ConsentPage(Protocol):
    """Data for our page, on which the provider's script obtains the token."""

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
    """A provider without a code flow: our page posts the user's token to the callback."""

    def page(self, *, state: str, redirect_uri: str, now: int) -> ConsentPage: ...
