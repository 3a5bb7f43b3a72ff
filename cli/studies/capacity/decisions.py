"""What the product does with each provider's accounts, as production is declared in cdk.json."""

from dataclasses import replace
from functools import cache

from cli.in_memory.world import declared_on_aws
from cli.studies.capacity.accounts import Accounts, AccountsOf
from simulator.capacity.providers import NAMES
from simulator.capacity.sample import Decide, Sample
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.provider import Capabilities
from topk.domain.play import Precision
from topk.providers.apple_music.adapter import DEPTH as APPLE_MUSIC_DEPTH
from topk.providers.spotify.adapter import Spotify
from topk.providers.youtube.adapter import YouTube

CAPABILITIES = {
    "spotify": replace(Spotify.capabilities, pushes=True),
    "apple_music": Capabilities(APPLE_MUSIC_DEPTH, Precision.INFERRED),
    "youtube": YouTube.capabilities,
}
"""Those of the adapters, and pushes that Spotify may have one day."""


def decisions(number: int, *, days: int, seed: int) -> Decide:
    """Decides for `number` accounts of each provider; equal questions are answered once."""

    @cache
    def decide(place: int, crawls_each: float | None, pushing: float) -> Sample:
        of = accounts_of(NAMES[place], crawls_each, pushing)
        return Accounts(of, days, number, seed + place).run()

    return lambda place, crawls, pushing: decide(place, crawls and round(crawls, 6), pushing)


def accounts_of(name: str, crawls_each: float | None, pushing: float) -> AccountsOf:
    production = declared_on_aws("production")
    bounds = production.cadence(name)
    return AccountsOf(
        name,
        CAPABILITIES[name],
        Bounds(bounds.most_per_day, bounds.least_every_days),
        production.stage.view_crawl_hours * 3600,
        1e6 if crawls_each is None else crawls_each,
        pushing,
    )
