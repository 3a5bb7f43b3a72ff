"""How a crawl ended: one closed set, which every error maps into."""

import pytest

from tests.error_tree import every_error
from topk.domain.crawl.result import _OF_ERRORS, CrawlResult, result_of
from topk.domain.errors import (
    ProviderError,
    RateLimitedError,
    RetryableError,
    TopkError,
    TransientError,
    UnexpectedError,
)


@pytest.mark.parametrize(
    "kind", [one for one in every_error() if issubclass(one, ProviderError | RetryableError)]
)
def test_each_error_that_a_crawl_expects_has_its_own_result(kind: type[TopkError]) -> None:
    assert any(parent in _OF_ERRORS for parent in kind.__mro__)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimitedError(60, "user"), CrawlResult.USER_LIMITED),
        (RateLimitedError(60), CrawlResult.RATE_LIMITED),
        (TransientError("502"), CrawlResult.PROVIDER_UNAVAILABLE),
        (UnexpectedError("KeyError at crawl.py:1"), CrawlResult.UNEXPECTED),
    ],
)
def test_an_error_decides_the_result(error: TopkError, expected: CrawlResult) -> None:
    assert result_of(error) is expected


def test_results_without_a_request_are_known() -> None:
    silent = {one for one in CrawlResult if not one.sent_requests}
    assert silent == {
        CrawlResult.FRESH,
        CrawlResult.PUSHED,
        CrawlResult.GONE,
        CrawlResult.WAITING,
        CrawlResult.SUSPENDED,
    }
