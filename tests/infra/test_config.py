"""Command line options and declarations in cdk.json, valid and invalid."""

import copy
from typing import Any

import pytest

from infra_cdk.config import Cadence, ConfigurationError, deployments
from infra_cdk.tenant import Budget
from tests.synthesis import EMULATOR, WORLD, context


def test_locally_there_is_one_stage_in_the_simulated_world() -> None:
    (local,) = deployments(context("local"))
    assert local.name == "local"
    assert set(local.stage.tenants) == {"harbor", "meadow"}
    harbor = local.stage.tenants["harbor"]
    assert harbor.issuer == f"{WORLD}/host/harbor"
    assert harbor.audience == "topk"
    paths = ("accounts", "music/accounts.html")
    assert harbor.return_urls == tuple(f"{WORLD}/host/harbor/{path}" for path in paths)
    assert harbor.web_origins == (WORLD,)
    for name, provider in local.providers.items():
        for key, url in provider.endpoints.items():
            assert url == f"{WORLD}/{name}/{key}"


def test_locally_other_origins_can_be_allowed_to_call_and_connect() -> None:
    (local,) = deployments(context("local") | {"origins": ["http://localhost:3000"]})
    for tenant in local.stage.tenants.values():
        assert tenant.web_origins == (WORLD, "http://localhost:3000")
        assert tenant.return_urls[-1] == "http://localhost:3000/"


@pytest.mark.parametrize("origin", ["localhost:3000", "http://localhost:3000/app", "*"])
def test_an_invalid_origin_is_refused(origin: str) -> None:
    with pytest.raises(ConfigurationError, match=r"origins: .*: want one such as"):
        deployments(context("local") | {"origins": [origin]})


def test_a_slash_at_the_end_of_a_base_url_makes_no_difference() -> None:
    with_slash = context("local", world=f"{WORLD}/", emulator=f"{EMULATOR}/")
    assert deployments(with_slash) == deployments(context("local"))


def test_on_aws_the_named_stage_or_all_but_the_local_one_are_deployed() -> None:
    both = deployments(context("aws"))
    assert [one.name for one in both] == ["staging", "production"]
    assert deployments(context("aws", stage="staging")) == both[:1]


def test_stages_on_aws_are_protected_and_use_real_providers() -> None:
    for deployment in deployments(context("aws")):
        assert deployment.stage.protected
        urls = [url for one in deployment.providers.values() for url in one.endpoints.values()]
        for tenant in deployment.stage.tenants.values():
            urls += [tenant.issuer, *tenant.return_urls, *tenant.web_origins]
        assert all(url.startswith("https://") for url in urls)


def test_a_stage_can_lower_concurrency_but_not_raise_it() -> None:
    local, staging, production = (
        deployments(context("local"))[0],
        *deployments(context("aws")),
    )
    assert local.max_concurrency("spotify") == 2
    assert staging.max_concurrency("spotify") == 5
    assert production.max_concurrency("spotify") == 50


def test_each_provider_limits_its_crawl_cadence_in_both_directions() -> None:
    providers = deployments(context("aws"))[-1].providers
    assert providers["spotify"].cadence == Cadence(most_per_day=24, least_every_days=7)
    assert providers["apple_music"].cadence.least_every_days == 1, "times are inferred by crawls"
    assert providers["youtube"].cadence.most_per_day == 1, "one export a day"
    assert providers["lastfm"].cadence == Cadence()


def test_a_stage_can_have_its_own_budget_for_each_provider() -> None:
    (local,) = deployments(context("local"))
    production = deployments(context("aws"))[-1]
    assert production.budget("spotify") == Budget(1620, 2)
    assert {local.budget(name) for name in local.providers} == {Budget(1_000_000)}


def test_locally_quiet_accounts_are_crawled_daily_as_the_demonstration_needs() -> None:
    (local,) = deployments(context("local"))
    production = deployments(context("aws"))[-1]
    assert production.cadence("spotify").least_every_days == 7
    assert {local.cadence(name).least_every_days for name in local.providers} == {1}


def test_a_stage_can_change_an_adapters_options() -> None:
    (local,) = deployments(context("local"))
    production = deployments(context("aws"))[-1]
    assert production.options("youtube") == {"poll_seconds": 300}
    assert local.options("youtube") == {"poll_seconds": 0}
    assert local.options("spotify") == {}


HARBOR = ("stages", "local", "tenants", "harbor")


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"target": "moon"}, "-c target=moon"),
        (
            {"target": "aws", "stage": "prod"},
            "-c stage=prod: cdk.json declares staging, production",
        ),
        ({"target": "aws", "stage": "local"}, "-c stage=local: cdk.json declares"),
        ({"world": "127.0.0.1:8700"}, "-c world=127.0.0.1:8700: want a base URL"),
        ({"emulator": ""}, "-c emulator=: want a base URL"),
        ({"world": "http://a/b"}, "-c world=http://a/b: want a base URL"),
    ],
)
def test_an_invalid_option_is_reported_in_one_line(chosen: dict[str, Any], says: str) -> None:
    _refused(context("local") | chosen, says)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("stages", "local", "shards"), 0, "cdk.json: stages.local: "),
        (("stages", "local", "log_retention_days"), 2, "cdk.json: stages.local: "),
        (("stages", "local", "retention_days"), 7, "cdk.json: stages.local: "),
        (("stages", "local", "sharts"), 1, "unknown field `sharts`"),
        (("stages", "local", "tenants", "harbor", "issuer"), 1, "stages.local.tenants.harbor: "),
        (("stages", "local", "tenants", "harbor", "return_urls"), [], "tenants.harbor: "),
        ((*HARBOR, "issuer"), "http://127.0.0.1:8700/host/meadow", "harbor.issuer: is shared by"),
        ((*HARBOR, "issuer"), "id.harbor.example", "issuer: id.harbor.example: is not an absolute"),
        ((*HARBOR, "audience"), "", "tenants.harbor: "),
        ((*HARBOR, "return_urls"), ["https://a/#x"], "neither a fragment nor a user"),
        ((*HARBOR, "return_urls"), ["ftp://a/b"], "must begin with https://"),
        ((*HARBOR, "return_urls"), ["https://*.harbor.example/a"], "is not an absolute address"),
        ((*HARBOR, "web_origins"), ["*"], "web_origins: *: want an origin"),
        ((*HARBOR, "web_origins"), ["https://harbor.example/app"], "want an origin such as"),
        (
            (*HARBOR, "providers"),
            ["napster"],
            "harbor.providers: napster is not one of apple_music",
        ),
        ((*HARBOR, "apps"), {"napster": {}}, "napster is not one of"),
        ((*HARBOR, "apps"), {"spotify": {"budgets": {}}}, "unknown field `budgets`"),
        ((*HARBOR, "limits"), {"connections_per_user": 0}, "tenants.harbor: "),
        ((*HARBOR, "follows"), "everybody", "tenants.harbor: "),
        ((*HARBOR, "play_rule"), {"percent": 9}, "tenants.harbor: "),
        ((*HARBOR, "play_rule"), {"least_seconds": 61}, "tenants.harbor: "),
        ((*HARBOR, "redirects"), [], "unknown field `redirects`"),
        (("stages", "local", "tenants", "a#b"), {}, "stages.local.tenants.a#b: a name is like"),
        (("providers", "spotify", "max_concurrency"), 1, "cdk.json: providers.spotify: "),
        (("providers", "spotify", "credentials"), [], "cdk.json: providers.spotify: "),
        (("providers", "spotify", "per_day"), 5, "providers.spotify: "),
        (("providers", "spotify", "cadence"), {"most_per_day": 1440}, "providers.spotify: "),
        (("providers", "spotify", "cadence"), {"least_every_days": 8}, "providers.spotify: "),
        (("providers", "spotify", "budget"), {"requests_per_second": 0}, "providers.spotify: "),
        (("providers", "spotify", "budget"), {"slice": 50}, "unknown field `slice`"),
        (("providers", "Spotify"), {}, "cdk.json: providers.Spotify: a name is like"),
    ],
)
def test_an_invalid_declaration_is_reported_in_one_line(
    path: tuple[str, ...], value: object, says: str
) -> None:
    declared = copy.deepcopy(context("local"))
    *parents, last = path
    where = declared
    for parent in parents:
        where = where[parent]
    where[last] = value
    _refused(declared, says)


def test_a_tenant_on_aws_needs_https_urls() -> None:
    declared = copy.deepcopy(context("aws"))
    harbor = declared["stages"]["production"]["tenants"]["harbor"]
    harbor["return_urls"] = ["http://harbor.example/accounts"]
    _refused(declared, "must begin with https://")


def test_a_tenants_own_app_must_be_for_a_provider_it_offers() -> None:
    declared = copy.deepcopy(context("local"))
    harbor = declared["stages"]["local"]["tenants"]["harbor"]
    harbor |= {"providers": ["lastfm"], "apps": {"spotify": {}}}
    _refused(declared, "harbor.apps.spotify: its users may not connect spotify")


def _refused(declared: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        deployments(declared)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)
