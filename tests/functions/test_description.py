"""The published API description is valid, complete, and matches every response."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from functions.read.parameters import DEFAULT_SONGS
from infra_cdk.api.routes import OPEN, PERSONAL, PUBLIC, SCOPED, SIGNED, SIGNED_IN, Routes
from tests.functions.conftest import EVENTS, Stage
from tests.synthesis import ROOT
from topk.domain.account.person import SERVICES
from topk.domain.limits import (
    MOST_EDGE_CHANGES,
    MOST_KEPT_SONGS,
    MOST_LISTENS,
    MOST_PEOPLE,
    MOST_SONGS,
)
from topk.domain.toplist.tops import Of
from topk.domain.toplist.window import Span
from topk.usecases.accounts.tell_people import Refusal

TEXT = (ROOT / "functions" / "account" / "openapi.json").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:openapi", Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
)
GUARDS: tuple[tuple[str, Mapping[str, Routes]], ...] = (
    ("userToken", SIGNED_IN),
    ("pushSignature", SIGNED),
    *(("serverToken", of_scope) for of_scope in SCOPED.values()),
    ("", OPEN),
    ("", PUBLIC),
)
BY_THE_GATEWAY = {"429", "500", "503"}
OF_PROTOCOLS = {
    f"{method} {path}"
    for routes in PERSONAL.values()
    for path, methods in routes.items()
    for method in methods
}
"""Routes that the protocols of ListenBrainz and Last.fm describe."""
GOLDEN = sorted(
    f"{path.parent.name}/{path.stem}"
    for path in EVENTS.glob("*/*.json")
    if json.loads(path.read_text(encoding="utf-8")).get("routeKey", "") not in {"", *OF_PROTOCOLS}
)


def _operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", operation


def _resolved(node: Mapping[str, Any]) -> Any:
    found: Any = node
    while "$ref" in found:
        place = found["$ref"].removeprefix("#/").split("/")
        found = DOCUMENT
        for part in place:
            found = found[part]
    return found


def test_it_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_exactly_the_deployed_routes_are_described_with_their_authorisation() -> None:
    deployed = {
        f"{method} {path}": guard
        for guard, functions in GUARDS
        for routes in functions.values()
        for path, methods in routes.items()
        for method in methods
    }
    described = {
        key: next((guard for one in operation["security"] for guard in one), "")
        for key, operation in _operations()
    }
    assert described == deployed


def test_a_server_token_needs_the_deployed_scope() -> None:
    described = {
        (scope, path)
        for path, item in DOCUMENT["paths"].items()
        for operation in item.values()
        for one in (operation["security"] if isinstance(operation, dict) else ())
        for scope in one.get("serverToken", ())
    }
    assert described == {
        (scope, path)
        for scope, functions in SCOPED.items()
        for routes in functions.values()
        for path in routes
    }


def test_every_operation_describes_the_gateways_errors() -> None:
    for key, operation in _operations():
        expected = BY_THE_GATEWAY | ({"401"} if operation["security"] else set())
        assert expected <= set(operation["responses"]), key


def test_path_parameters_match_the_braces() -> None:
    for path, item in DOCUMENT["paths"].items():
        for operation in (one for method, one in item.items() if method != "parameters"):
            given = [*item.get("parameters", ()), *operation.get("parameters", ())]
            named = [_resolved(one)["name"] for one in given if _resolved(one)["in"] == "path"]
            assert named == [part[1:-1] for part in path.split("/") if part.startswith("{")]


def test_responses_have_only_described_fields() -> None:
    open_ended = [
        f"{key} {status}: {where}"
        for key, operation in _operations()
        if key != "GET /v1/openapi.json"
        for status, answer in operation["responses"].items()
        for content in _resolved(answer).get("content", {}).values()
        for where in _open_ended(content["schema"], "$")
    ]
    assert open_ended == []


def _open_ended(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    schema = _resolved(schema)
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield where
    for name, of_property in schema.get("properties", {}).items():
        yield from _open_ended(of_property, f"{where}.{name}")
    if "items" in schema:
        yield from _open_ended(schema["items"], f"{where}[]")


@pytest.mark.parametrize("fixture", GOLDEN)
def test_every_golden_response_matches_the_description(stage: Stage, fixture: str) -> None:
    event = json.loads((EVENTS / f"{fixture}.json").read_text(encoding="utf-8"))
    method, _, path = event["routeKey"].partition(" ")
    answer = stage.play(fixture)
    described = _resolved(
        DOCUMENT["paths"][path][method.lower()]["responses"][str(answer["statusCode"])]
    )
    for name, header in described.get("headers", {}).items():
        if name.lower() in answer["headers"]:
            conforms(answer["headers"][name.lower()], header["schema"])
        else:
            assert not header.get("required"), name
    if not answer["body"]:
        assert "content" not in described
        return
    kind = answer["headers"]["content-type"].partition(";")[0]
    schema = described["content"][kind]["schema"]
    conforms(json.loads(answer["body"]) if "json" in kind else answer["body"], schema)


def conforms(value: Any, schema: Mapping[str, Any]) -> None:
    place = json.loads(json.dumps(schema).replace('"#/', '"urn:openapi#/'))
    Draft202012Validator(place, registry=REGISTRY, format_checker=FormatChecker()).validate(value)


def test_it_is_public_and_cacheable(stage: Stage) -> None:
    answer = stage.play("account/describe")
    assert (answer["statusCode"], answer["body"]) == (200, TEXT)
    assert answer["headers"]["cache-control"] == "public, max-age=300"
    event = json.loads((EVENTS / "account/describe.json").read_text(encoding="utf-8"))
    event["headers"]["if-none-match"] = f'W/{answer["headers"]["etag"]}, "fake-other"'
    known = stage.call("account", event)
    assert (known["statusCode"], known["body"]) == (304, "")
    assert known["headers"]["etag"] == answer["headers"]["etag"]
    event["headers"]["if-none-match"] = '"fake-other"'
    assert stage.call("account", event)["statusCode"] == 200


def test_described_limits_equal_those_of_the_code() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    parameters = DOCUMENT["components"]["parameters"]
    for name, most in (("k", MOST_KEPT_SONGS), ("k_top", MOST_SONGS)):
        k = parameters[name]["schema"]
        assert (k["maximum"], k["default"]) == (most, DEFAULT_SONGS)
    assert parameters["of"]["schema"]["enum"] == [*Of]
    assert parameters["window"]["schema"]["enum"] == [*Span]
    assert schemas["Window"]["properties"]["name"]["enum"] == [*Span]
    for name, entries in (("TopList", "songs"), ("TopArtists", "artists"), ("TopAlbums", "albums")):
        assert schemas[name]["properties"][entries]["maxItems"] == MOST_SONGS
    assert schemas["CommonSongs"]["properties"]["songs"]["maxItems"] == MOST_KEPT_SONGS
    assert schemas["Changes"]["properties"]["changes"]["maxItems"] == MOST_EDGE_CHANGES
    assert schemas["People"]["properties"]["people"]["maxItems"] == MOST_PEOPLE
    assert schemas["MusicService"]["enum"] == [*SERVICES]
    assert schemas["RefusedPerson"]["properties"]["code"]["enum"] == [*Refusal]
    assert schemas["Delivery"]["properties"]["listens"]["maxItems"] == MOST_LISTENS
