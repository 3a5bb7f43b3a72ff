"""The access matrix: every cell as specified, and the specification complete."""

import pytest

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway, server_token_of, token_of
from cli.studies.access.inprocess import observed
from cli.studies.access.observe import Cell
from cli.studies.access.report import figures, page
from cli.studies.access.specification import (
    ENDPOINTS,
    FOLLOWS,
    MANY,
    OF_NOBODY,
    OWN,
    SHOWN,
    VISIBILITIES,
    sees,
)
from infra_cdk.api.routes import OPEN, PERSONAL, PUBLIC, SCOPED, SIGNED, SIGNED_IN
from topk.domain.account.following import Follows
from topk.domain.privacy.visibility import Relation, Visibility, may_see

TENANTS = ("harbor", "meadow")
GUARDED = [
    (
        method,
        path.format(
            user_id="anna",
            provider="spotify",
            song_id="a" * 16,
            receipt="r-1",
            token_id="a" * 64,
            import_id="fakeimport1",
            correction_id="a" * 16,
        ),
    )
    for functions in (SIGNED_IN, *SCOPED.values())
    for routes in functions.values()
    for path, methods in routes.items()
    for method in methods
]


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return list(observed())


def test_every_cell_is_as_specified(cells: list[Cell]) -> None:
    assert [cell for cell in cells if not cell.holds] == []
    assert len(cells) == len(set(cells)) >= 4500
    assert {cell.follows for cell in cells} == set(FOLLOWS) == {rule.value for rule in Follows}


def test_the_matrix_shows_and_hides_on_every_axis(cells: list[Cell]) -> None:
    seen = {(cell.visibility, cell.relation) for cell in cells if cell.observed == SHOWN}
    assert {visibility for visibility, _ in seen} == set(VISIBILITIES)
    assert {relation for _, relation in seen} == {
        "self",
        "stranger",
        "follower",
        "former follower",
        "blocked",
        "blocking",
    }
    assert {cell.observed for cell in cells if cell.relation == "of nobody"} >= {"404", OWN}


def test_a_denied_viewer_is_not_given_the_reason(cells: list[Cell]) -> None:
    (problem,) = {cell.problem for cell in cells if cell.observed == "404"}
    assert "Not found" in problem


def test_the_specification_agrees_with_the_domains_rule() -> None:
    related = {
        "self": Relation(is_self=True),
        "stranger": Relation(),
        "follower": Relation(follows=True),
        "blocked": Relation(follows=True, blocked=True),
        "former follower": Relation(),
    }
    for name, relation in related.items():
        for visibility in Visibility:
            assert may_see(visibility, relation) == sees(name, visibility), (name, visibility)


def test_a_wrong_cell_is_reported(cells: list[Cell]) -> None:
    wrong = Cell("private", "stranger", "GET /v1/users/{user_id}/top", "right", "host", SHOWN)
    assert not wrong.holds
    result = figures([wrong, *cells])
    assert (result["cells"], result["as_specified"]) == (len(cells) + 1, len(cells))
    assert "**shown!**" in page([*cells, wrong])


def test_every_readable_endpoint_is_in_the_matrix_or_public() -> None:
    declared = [SIGNED_IN, *SCOPED.values(), OPEN, PUBLIC, SIGNED, PERSONAL]
    read = {
        f"GET {path}"
        for functions in declared
        for routes in functions.values()
        for path, methods in routes.items()
        if "GET" in methods
    } | {MANY}
    in_matrix = {endpoint.partition("?")[0] for endpoint in ENDPOINTS}
    assert in_matrix | set(OF_NOBODY) == read
    assert not in_matrix & set(OF_NOBODY)


@pytest.mark.parametrize("tenant", TENANTS)
def test_no_endpoint_accepts_another_tenants_token(tenant: str) -> None:
    (other,) = set(TENANTS) - {tenant}
    tokens = [token_of(other, "anna"), server_token_of(other), "fake", ""]
    with sandbox():
        for method, path in GUARDED:
            for token in tokens:
                reply = Gateway(tenant).call(method, path, token=token, body="{}")
                assert reply.status == 401, (method, path)
                assert reply.json["type"] == "urn:topk:problem:token"


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_server_token_works_only_on_its_route_and_a_user_token_does_not(
    tenant: str,
) -> None:
    scoped = {path for functions in SCOPED.values() for r in functions.values() for path in r}
    with sandbox():
        for method, path in GUARDED:
            of_server = Gateway(tenant).call(method, path, token=server_token_of(tenant), body="{}")
            of_user = Gateway(tenant).call(method, path, token=token_of(tenant, "anna"), body="{")
            assert (of_server.status == 401) == (path not in scoped), (method, path)
            problem = (of_user.status, (of_user.json or {}).get("type"))
            no_scope = problem == (403, "urn:topk:problem:token")
            assert no_scope == (path in scoped), (method, path)
