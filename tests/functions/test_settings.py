"""What each function declares to need is what the deployment gives it and what it uses."""

import ast
import importlib
import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cli.in_memory.lambdas import WIRINGS
from infra_cdk.functions.declarations import SPECS
from tests.infra.templates import functions
from tests.synthesis import ROOT
from topk.runtime.settings import OPTIONAL, SHARED, MissingSettingsError

BESIDE_NEEDS = {"STAGE", "FLAGS", *OPTIONAL}
"""Read by Powertools and by the flags, or not in every deployment."""
COMPLETED_BY = {
    "PROVIDERS": "PROVIDERS_FILE",
    "QUEUE_URLS": "QUEUES_AT",
    "DEAD_LETTER_URLS": "QUEUES_AT",
    "ERASURE_QUEUE_URL": "QUEUES_AT",
    "IMPORT_QUEUE_URL": "QUEUES_AT",
}
MAKERS = {
    **WIRINGS,
    "archive": "archiving",
    "card": "drawing",
    "export": "exporting",
    "imports": "importing",
    "purge": "purging",
}
OF_FIELDS = {
    "token_key": "TOKEN_KEY_ID",
    "queues": "QUEUE_URLS",
    "dead_letters": "DEAD_LETTER_URLS",
    "providers": "PROVIDERS",
    "erasure_queue": "ERASURE_QUEUE_URL",
    "purge_queue": "PURGE_QUEUE_URL",
    "archive_bucket": "ARCHIVE_BUCKET",
    "export_bucket": "EXPORT_BUCKET",
    "import_bucket": "IMPORT_BUCKET",
    "import_queue": "IMPORT_QUEUE_URL",
    "app_secrets": "APP_SECRETS",
    "scrobbler_secret": "SCROBBLER_SECRET",
    "sweep_seconds": "ERASURE_SWEEP_SECONDS",
}


def needs(name: str) -> set[str]:
    return {*importlib.import_module(f"functions.{name}.wiring").NEEDS}


@pytest.mark.parametrize("name", SPECS)
def test_a_function_needs_what_the_deployment_gives_it(name: str) -> None:
    variables = functions("aws")[name]["Environment"]["Variables"]
    given = {one for one in variables if not one.startswith("POWERTOOLS_")} - BESIDE_NEEDS
    assert needs(name) | set(SHARED) == given | {"AWS_REGION"}


@pytest.mark.parametrize("name", SPECS)
def test_a_variable_that_another_one_completes_is_not_given_alone(name: str) -> None:
    variables = functions("aws")[name]["Environment"]["Variables"]
    assert {other for one, other in COMPLETED_BY.items() if one in variables} <= set(variables)


@pytest.mark.parametrize("name", SPECS)
def test_a_function_uses_only_settings_that_it_declares(name: str) -> None:
    used = {OF_FIELDS[field] for field in _settings_used(name) if field in OF_FIELDS}
    assert used <= needs(name)


def test_every_function_has_a_builder() -> None:
    assert MAKERS.keys() == SPECS.keys()


@pytest.mark.parametrize(("name", "maker"), MAKERS.items())
def test_a_function_without_environment_names_everything_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch, name: str, maker: str
) -> None:
    for variable in {*needs(name), *SHARED} & os.environ.keys():
        monkeypatch.delenv(variable)
    make: Callable[[], Any] = inspect.unwrap(
        getattr(importlib.import_module(f"functions.{name}.wiring"), maker)
    )
    with pytest.raises(MissingSettingsError) as caught:
        make()
    assert set(caught.value.names) == needs(name) | set(SHARED)


def _settings_used(name: str) -> Iterator[str]:
    """The fields read as `settings.<field>` in the modules of a function."""
    for path in (ROOT / "functions" / name).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and _ends_with_settings(node.value):
                yield node.attr


def _ends_with_settings(node: ast.expr) -> bool:
    last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return last == "settings"
