"""The simulated providers. Their figures are assumptions, listed in the report."""

from dataclasses import dataclass

from simulator.capacity.latency import Latency


@dataclass(frozen=True, slots=True)
class CrawledProvider:
    """`share` is of all connections, `calls` is per crawl, `at_once` is the MaximumConcurrency."""

    name: str
    share: float
    calls: float
    latency: Latency
    at_once: int = 50


PROVIDERS = (
    # A refresh (tokens live an hour) and a page; a tenth has a second page.
    CrawledProvider("spotify", 1 / 3, 2.1, Latency(0.15, 1.2)),
    # Pages of 30, no refresh; two thirds of the accounts need a second page.
    CrawledProvider("apple_music", 1 / 3, 1.7, Latency(0.20, 1.5)),
    # A refresh, and the start, polls and archive of an export: two on a typical day.
    CrawledProvider("youtube", 1 / 3, 3.0, Latency(0.25, 2.0), at_once=80),
)
NAMES = tuple(provider.name for provider in PROVIDERS)
