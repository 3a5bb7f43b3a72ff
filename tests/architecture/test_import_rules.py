"""Each forbidden import breaks the contract that forbids it (pyproject.toml)."""

from copy import deepcopy

import grimp
import pytest
from importlinter import Contract
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract

from tests.synthesis import ROOT

TYPES: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
}
DOMAIN, USECASE = "topk.domain.toplist.merge", "topk.usecases.crawling.crawl"
STORE, PROVIDER = "topk.stores.tables.plays", "topk.providers.spotify.adapter"
HANDLER, SIMULATED = "functions.read.handler", "simulator.clock"
FORBIDDEN = [
    (DOMAIN, USECASE),
    (DOMAIN, HANDLER),
    (DOMAIN, STORE),
    (DOMAIN, "topk.clock"),
    (DOMAIN, "time"),
    (DOMAIN, "botocore"),
    (DOMAIN, "httpx2"),
    (DOMAIN, "msgspec"),
    (USECASE, HANDLER),
    (USECASE, STORE),
    (USECASE, PROVIDER),
    (USECASE, "topk.runtime.settings"),
    (USECASE, "topk.clock"),
    (USECASE, "pynamodb"),
    (USECASE, SIMULATED),
    (STORE, PROVIDER),
    (STORE, "topk.runtime.settings"),
    (STORE, USECASE),
    (PROVIDER, STORE),
    (PROVIDER, "topk.runtime.settings"),
    (HANDLER, "cli.main"),
    (HANDLER, SIMULATED),
    (HANDLER, "infra_cdk.outputs"),
    (SIMULATED, DOMAIN),
    (SIMULATED, HANDLER),
    ("infra_cdk.config", "topk.runtime.settings"),
]


@pytest.fixture(scope="module")
def contracts() -> list[Contract]:
    configure()
    options = read_user_options(str(ROOT / "pyproject.toml"))
    return [
        TYPES[one["type"]](one["name"], options.session_options, one)
        for one in options.contracts_options
    ]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    packages = ("topk", "functions", "infra_cdk", "simulator", "cli")
    return grimp.build_graph(*packages, include_external_packages=True, cache_dir=None)


def broken(contracts: list[Contract], graph: grimp.ImportGraph) -> list[str]:
    return [one.name for one in contracts if not one.check(deepcopy(graph), verbose=False).kept]


def test_the_code_keeps_every_contract(contracts: list[Contract], graph: grimp.ImportGraph) -> None:
    assert broken(contracts, graph) == []


@pytest.mark.parametrize(("importer", "imported"), FORBIDDEN)
def test_a_forbidden_import_breaks_a_contract(
    contracts: list[Contract], graph: grimp.ImportGraph, importer: str, imported: str
) -> None:
    changed = deepcopy(graph)
    assert importer in changed.modules
    if imported not in changed.modules:
        changed.add_module(imported, is_squashed=True)
    changed.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    assert broken(contracts, changed) != []
