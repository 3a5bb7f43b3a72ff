"""docs/security.md covers everything that exists, and names nothing that does not."""

import re

import pytest

from infra_cdk import outputs
from infra_cdk.api.routes import OPEN, PERSONAL, PUBLIC, SCOPED, SIGNED, SIGNED_IN
from infra_cdk.data.tables import SCHEMAS
from infra_cdk.functions.declarations import SPECS
from tests.infra.templates import properties, stateful, stateless
from tests.synthesis import ROOT, synthesis
from topk.domain import limits

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
STRIDE = TEXT.partition("## STRIDE by function")[2].partition("\n## ")[0]
INVENTORY = TEXT.partition("## Data inventory")[2]
ENTRIES = TEXT.partition("## Entry points")[2].partition("\n## ")[0]
CONTROLS = re.findall(r"^\| ([A-Z]\d) \|", TEXT, re.MULTILINE)


@pytest.mark.parametrize("function", SPECS)
def test_every_function_has_all_six_stride_categories(function: str) -> None:
    (line,) = [line for line in STRIDE.splitlines() if line.startswith(f"| `{function}` |")]
    cells = [cell.strip() for cell in line.strip("|").split(" | ")]
    assert len(cells) == 7
    assert all(cells)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_table_is_in_the_inventory_with_all_columns(table: str) -> None:
    (line,) = [line for line in INVENTORY.splitlines() if line.startswith(f"| table `{table}` |")]
    _, what, purpose, kept, who = (cell.strip() for cell in line.strip("|").split(" | "))
    assert all((what, purpose, kept, who))
    for function, spec in SPECS.items():
        assert (table in spec.tables) == (function in re.split(r"\W+", who)), (table, function)


def test_every_other_data_store_is_in_the_inventory() -> None:
    kinds = {
        "SQS::Queue": ("Queue", "DeadLetters", "StreamDeadLetters", "ScheduleDeadLetters"),
        "SNS::Topic": ("AlarmTopic", "AlarmsTopic"),
        "S3::Bucket": ("Archive", "Exports", "Uploads"),
    }
    for template in (stateful("aws"), stateless("aws")):
        for kind, known in kinds.items():
            for name in properties(template, kind):
                named = [one for one in known if one in name]
                assert named or f"`{name}`" in INVENTORY, f"{kind} {name}"
                if kind == "S3::Bucket":
                    assert f"bucket `{named[0]}`" in INVENTORY


def test_every_log_and_bucket_of_the_edge_is_in_the_inventory() -> None:
    edge = synthesis("aws").templates[outputs.edge_stack("production")]
    for kind in ("S3::Bucket", "Logs::LogGroup"):
        for name in properties(edge, kind):
            assert f"`{name[:-8]}`" in INVENTORY, name


def test_every_entry_point_is_named() -> None:
    paths = {
        path
        for functions in (SIGNED_IN, OPEN, PUBLIC, SIGNED, PERSONAL, *SCOPED.values())
        for routes in functions.values()
        for path in routes
    }
    named = [one.rpartition(" ")[2] for one in re.findall(r"`([^`]+)`", ENTRIES)]
    for path in paths:
        assert any(_covers(one, path) for one in named), path


def _covers(named: str, path: str) -> bool:
    return named == path or (named.endswith("*") and path.startswith(named.rstrip("/*")))


def test_everything_that_is_named_exists() -> None:
    files = re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|md|json))`", TEXT)
    assert len(files) > 40
    assert [one for one in files if not (ROOT / one).exists()] == []


def test_the_listed_controls_are_exactly_the_used_ones() -> None:
    used = set(re.findall(r"\b([ADIRT]\d)\b", ENTRIES + STRIDE))
    assert used <= set(CONTROLS)
    assert len(CONTROLS) == len(set(CONTROLS)) > 15


def test_the_table_of_limits_is_that_of_the_code() -> None:
    declared = {name: value for name, value in vars(limits).items() if name.isupper()}
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d+)", TEXT, re.MULTILINE)
    assert {name: int(value) for name, value in rows} == declared
