"""Every error becomes one problem document."""

import pytest

from tests.error_tree import GROUPS, every_error, example
from topk.domain.errors import (
    ClientError,
    ConflictError,
    InternalError,
    InvalidRequestError,
    LimitReachedError,
    NotPermittedError,
    NotVisibleError,
    ProviderError,
    RetryableError,
    ScopeError,
    TokenError,
    TooLargeError,
    TooSoonError,
    TopkError,
    UnknownProviderError,
)
from topk.runtime.problems import PROBLEMS, TITLES, document, headers, problem_of


@pytest.mark.parametrize("kind", every_error())
def test_each_error_of_the_tree_has_a_problem(kind: type[TopkError]) -> None:
    rows = [parent for parent in kind.__mro__ if parent in PROBLEMS]
    assert rows, f"{kind.__name__} has no row, nor has its group"
    problem = problem_of(example(kind))
    assert problem is PROBLEMS[rows[0]]
    assert problem.status in TITLES
    assert problem.kind


@pytest.mark.parametrize("kind", every_error())
def test_an_error_is_blamed_on_its_group(kind: type[TopkError]) -> None:
    status = problem_of(example(kind)).status
    [expected] = [
        statuses
        for group, statuses in {
            ClientError: range(400, 500),
            NotVisibleError: range(404, 405),
            RetryableError: range(503, 504),
            InternalError: range(503, 504),
            ProviderError: range(502, 503),
        }.items()
        if issubclass(kind, group)
    ]
    assert status in expected


def test_a_new_client_error_needs_its_own_row() -> None:
    assert not {TopkError, ClientError} & PROBLEMS.keys()
    assert set(GROUPS) - PROBLEMS.keys() == {ClientError}


@pytest.mark.parametrize(
    ("error", "status", "kind", "field"),
    [
        (InvalidRequestError("k", "is odd"), 400, "invalid-request", "k"),
        (TooLargeError("body", "is large"), 413, "invalid-request", "body"),
        (UnknownProviderError("is unknown"), 404, "invalid-request", "provider"),
        (TokenError("is odd"), 401, "token", "token"),
        (ScopeError("lacks a scope"), 403, "token", "token"),
        (LimitReachedError("provider", 3), 409, "limit-reached", "provider"),
        (NotVisibleError("list"), 404, "not-visible", None),
        (ConflictError("version"), 503, "unavailable", None),
        (NotPermittedError("a quoted body"), 502, "provider", None),
    ],
)
def test_a_document_names_the_field_and_quotes_nothing_else(
    error: TopkError, status: int, kind: str, field: str | None
) -> None:
    told = document(problem_of(error), error, "r-1")
    assert (told["status"], told["type"]) == (status, f"urn:topk:problem:{kind}")
    assert told.get("field") == field
    assert (field is None) == (str(error) not in str(told))


def test_a_wait_is_a_header() -> None:
    assert headers(TooSoonError(7))["retry-after"] == "7"
    assert "retry-after" not in headers(TokenError("is odd"))
