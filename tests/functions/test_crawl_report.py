"""What a batch of crawls leaves in logs and metrics about the items that it skipped."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.crawl.report import report
from topk.domain.crawl.result import CrawlResult
from topk.domain.crawl.skipped import Skip, Skipped
from topk.domain.owner import Owner
from topk.providers.reading.shape import shape_of
from topk.runtime.observability import _metrics
from topk.usecases.crawling.crawl_stats import CrawlStats
from topk.usecases.crawling.named_tenants import OTHER, NamedTenants
from topk.usecases.crawling.outcome import Outcome


class FakeClaims:
    def claim_name(self, tenant: str, *, day: int, most: int) -> bool:
        return True


ODD = {"track": {"name": None, "artists": [{"name": "Mira"}]}, "played_at": 7, "mira@x.org": "hi"}


def crawled(user: str, left_out: Skipped, read: int = 10) -> dict[tuple[Owner, str], Outcome]:
    stats = CrawlStats(read=read, left_out=left_out)
    outcome = Outcome(CrawlResult.CRAWLED, skipped=left_out.lost, stats=stats)
    return {(Owner("harbor", user), "spotify"): outcome}


@pytest.fixture
def written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[dict[tuple[Owner, str], Outcome]], list[dict[str, Any]]]]:
    """Reports outcomes, and gives the lines of metrics that were written."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "TopK")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "crawl")
    _metrics.cache_clear()

    def lines(outcomes: dict[tuple[Owner, str], Outcome]) -> list[dict[str, Any]]:
        report([], outcomes, {}, NamedTenants(FakeClaims()), now=0)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]

    yield lines
    _metrics.cache_clear()


def test_skipped_items_are_counted_by_provider_and_reason(written: Any) -> None:
    outcomes = crawled("a", Skipped.of(Skip.TITLE, 2)) | crawled(
        "b", Skipped.of(Skip.TITLE) + Skipped.of(Skip.AD, 5)
    )
    lines = written(outcomes)

    by_reason = {
        line["reason"]: line["ItemsSkipped"] for line in lines if {"reason", "_aws"} <= line.keys()
    }
    assert by_reason == {"title": [3.0], "ad": [5.0]}
    totals = next(line for line in lines if "ItemsRead" in line)
    assert (totals["ItemsRead"], totals["ItemsSkipped"], totals["ItemsUnreadable"]) == (
        [20.0],
        [3.0],
        [3.0],
    )


def test_the_shape_of_one_item_is_logged_without_its_values(
    caplog: pytest.LogCaptureFixture, written: Any
) -> None:
    skipped = Skipped.of(Skip.TITLE, shape=shape_of(ODD))
    with caplog.at_level("WARNING"):
        written(crawled("a", skipped) | crawled("b", skipped))

    told = [vars(record) for record in caplog.records if record.message == "item skipped"]
    assert [(one["provider"], one["reason"], one["shape"]) for one in told] == [
        (
            "spotify",
            "title",
            "{track: {name: null, artists: [{name: str}]}, played_at: int, ?: str}",
        )
    ]


@pytest.mark.parametrize("value", [{"k" * 9: {}} | {str(n): n for n in range(99)}, [[[[[[[7]]]]]]]])
def test_a_shape_is_short_however_large_the_item(value: Any) -> None:
    assert len(shape_of(value)) <= 1000


def test_tenants_with_few_crawls_are_counted_together(written: Any) -> None:
    done = Outcome(CrawlResult.CRAWLED, plays=2)
    small = {(Owner(f"tenant_{n}", "anna"), "spotify"): done for n in range(1000)}
    large = {(Owner("harbor", f"u{n}"), "spotify"): done for n in range(1000)}
    lines = [line for line in written(small | large) if "tenant" in line]
    assert {line["tenant"]: (line["Crawled"], line["Plays"]) for line in lines} == {
        "harbor": ([1000.0], [2000.0]),
        OTHER: ([1000.0], [2000.0]),
    }
