"""The providers as the simulation knows them. The figures are assumptions, named in the report."""

from dataclasses import dataclass

from simulator.capacity.latency import Latency


@dataclass(frozen=True, slots=True)
class CrawledProvider:
    """`share` of all connections; `calls` of one crawl; `at_once` is its MaximumConcurrency."""

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
    # A refresh and, for an export, its beginning, polls and the archive: two on a usual day.
    CrawledProvider("youtube", 1 / 3, 3.0, Latency(0.25, 2.0)),
)
NAMES = tuple(provider.name for provider in PROVIDERS)
