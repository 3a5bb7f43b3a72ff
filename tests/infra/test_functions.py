"""Settings of all functions, and of those behind an API."""

import json
from collections import defaultdict
from collections.abc import Mapping

import pytest

from infra_cdk.config import deployments
from infra_cdk.functions.declared_layer import PROVIDERS_FILE, declared_files
from tests.infra.permissions import allowed
from tests.infra.templates import called, functions, pointed_at, properties, stateful, stateless
from tests.synthesis import EMULATOR, WORLD, Target, context

PRIVACY = {"privacy", "export", "erase", "purge"}
LISTS = {"aggregate", "announce", "archive", "read", "card"}
PLAYS = {"dispatch", "crawl", "ingest", "scrobble", "imports"}
NAMES = {"connect", "account"} | PLAYS | LISTS | PRIVACY
BEHIND_API = {"connect", "ingest", "scrobble", "read", "account", "card", "privacy", "export"}
SHIFTING = {"crawl", "aggregate", "dispatch"}
PROVIDERS = {"spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner"}
TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


@TARGETS
def test_each_is_traced_keeps_its_logs_for_a_time_and_runs_its_own_handler(target: Target) -> None:
    assert set(functions(target)) == NAMES
    groups = properties(stateless(target), "Logs::LogGroup")
    days = {name[:-8]: group["RetentionInDays"] for name, group in groups.items()}
    for name, function in functions(target).items():
        traced = "PassThrough" if name == "read" else "Active"
        assert function["TracingConfig"] == {"Mode": traced}
        assert function["Handler"] == f"functions.{name}.handler.lambda_handler"
        group = pointed_at(function["LoggingConfig"]["LogGroup"])
        assert days[group] == (1 if target == "local" else 90)


def test_the_platform_logs_only_what_went_wrong() -> None:
    for function in functions("aws").values():
        told = {name: of for name, of in function["LoggingConfig"].items() if name != "LogGroup"}
        assert told == {
            "LogFormat": "JSON",
            "ApplicationLogLevel": "INFO",
            "SystemLogLevel": "WARN",
        }


def test_cards_have_concurrency_of_their_own_and_no_other_function() -> None:
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name, function in functions("aws").items()
        if "ReservedConcurrentExecutions" in function
    }
    assert reserved == {"card": 100}
    assert not any("ReservedConcurrentExecutions" in one for one in functions("local").values())


def test_on_aws_they_run_on_python_313_and_arm64() -> None:
    for function in functions("aws").values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]


@TARGETS
def test_the_layers_are_the_package_and_the_groups_dependencies(target: Target) -> None:
    groups = dict.fromkeys(("connect", "crawl", "erase", "scrobble"), "Providers")
    groups |= {"card": "Card", "archive": "Archive", "purge": "Archive"}
    for name, function in functions(target).items():
        group = groups.get(name, "Data")
        layers = sorted(pointed_at(layer) for layer in function["Layers"])
        assert layers == sorted(["LayersCore", "LayersDeclared", f"Layers{group}"])


def test_on_aws_functions_behind_an_api_use_snapstart() -> None:
    kept = {name for name, function in functions("aws").items() if "SnapStart" in function}
    assert kept == BEHIND_API
    for name in BEHIND_API:
        assert functions("aws")[name]["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    aliases = properties(stateless("aws"), "Lambda::Alias").values()
    assert {pointed_at(alias["FunctionName"]) for alias in aliases} == {
        f"Function{name.capitalize()}" for name in BEHIND_API | SHIFTING
    }


def test_functions_that_send_to_their_own_queue_may_loop() -> None:
    """Lambda stops a chain through SQS after about 16 messages unless the function allows loops:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    fed = defaultdict(set)
    for mapping in properties(stateless("aws"), "Lambda::EventSourceMapping").values():
        fed[pointed_at(mapping["EventSourceArn"])].add(called(mapping["FunctionName"]))
    fills = {
        f"Function{name.capitalize()}": {
            queue for queue, actions in allowed("aws", name).items() if "sqs:SendMessage" in actions
        }
        for name in NAMES
    }
    looping = {
        name for name in fills if any(name in fed[queue] for queue in _reached(name, fills, fed))
    }
    assert looping == {"FunctionCrawl", "FunctionErase", "FunctionImports", "FunctionPurge"}
    for name, function in functions("aws").items():
        expected = "Allow" if f"Function{name.capitalize()}" in looping else None
        assert function.get("RecursiveLoop") == expected, name


def _reached(name: str, fills: Mapping[str, set[str]], fed: Mapping[str, set[str]]) -> set[str]:
    """Every queue that a message of the function reaches, through other functions too."""
    found: set[str] = set()
    left = [name]
    while left:
        new = fills[left.pop()] - found
        found |= new
        left += [function for queue in new for function in fed.get(queue, ())]
    return found


def test_a_function_times_out_before_its_api() -> None:
    for name in BEHIND_API:
        assert functions("aws")[name]["Timeout"] < 30


@TARGETS
def test_every_function_gets_the_stage_its_tenants_and_the_timetable(target: Target) -> None:
    for name, function in functions(target).items():
        variables = function["Environment"]["Variables"]
        assert variables["STAGE"] == ("local" if target == "local" else "production")
        assert variables["POWERTOOLS_SERVICE_NAME"] == name
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == f"TopK/{variables['STAGE']}"
        assert "TENANTS_FILE" not in variables
        assert set(json.loads(variables["TIMETABLE"])) == {"shards", "slot_minutes"}


def test_the_public_address_of_an_api_is_a_template() -> None:
    local = functions("local")["connect"]["Environment"]["Variables"]["PUBLIC_URL"]
    assert local == f"{EMULATOR}/_aws/execute-api/{{host}}/$default"
    aws = functions("aws")["connect"]["Environment"]["Variables"]["PUBLIC_URL"]
    assert aws == "https://{domain}"


def test_providers_are_the_simulated_ones_locally_and_the_real_ones_on_aws() -> None:
    local, aws = (
        declared_files(deployments(context(target))[-1])[PROVIDERS_FILE]
        for target in ("local", "aws")
    )
    assert set(local) == set(aws) == PROVIDERS
    for provider, given in local.items():
        assert set(given["endpoints"]) == set(aws[provider]["endpoints"])
        for key, url in given["endpoints"].items():
            assert url == f"{WORLD}/{provider}/{key}"
    assert aws["spotify"]["endpoints"]["api"] == "https://api.spotify.com"
    fields = {"endpoints", "options", "per_day", "cadence", "budget"}
    assert all(set(given) == fields for given in aws.values())


@pytest.mark.parametrize("name", ["connect", "crawl", "erase"])
def test_a_function_that_opens_tokens_gets_the_secret_of_every_provider(name: str) -> None:
    secrets = _providers("aws", name)
    assert set(secrets) == PROVIDERS
    assert all(secrets.values())


def test_credentials_start_as_placeholders_of_the_right_shape() -> None:
    secrets = properties(stateful("aws"), "SecretsManager::Secret")
    shapes = {
        name[:-8]: {
            *json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]),
            secret["GenerateSecretString"]["GenerateStringKey"],
        }
        for name, secret in secrets.items()
        if not name.startswith("ScrobblerSecret")
    }
    assert shapes == {
        "SecretSpotify": {"client_id", "client_secret"},
        "SecretYoutube": {"client_id", "client_secret"},
        "SecretAppleMusic": {"team_id", "key_id", "private_key"},
        "SecretLastfm": {"api_key", "shared_secret"},
        "SecretListenbrainz": {"client_id", "client_secret"},
        "SecretPartner": {"client_id", "client_secret", "push_secret"},
    }


def _providers(target: Target, name: str) -> dict[str, str]:
    """PROVIDERS as the function reads it, with a placeholder for each unknown ARN."""
    joined = functions(target)[name]["Environment"]["Variables"]["PROVIDERS"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else "arn" for part in joined)
    found: dict[str, str] = json.loads(text)
    return found
