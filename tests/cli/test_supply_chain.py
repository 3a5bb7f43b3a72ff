"""What is shipped is listed with its licence, and a new lock reports what changed."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.commands.prove.bill_of_materials import documents, with_licences
from cli.commands.prove.licences import SHIPPED, Shipped, shipped
from cli.commands.prove.lock_changes import changes
from infra_cdk.functions.declarations import SPECS
from tests.synthesis import ROOT

REQUIREMENTS = ROOT / "requirements"


def test_every_shipped_package_has_an_allowed_licence() -> None:
    found = shipped(REQUIREMENTS)
    assert [one for one in found if not one.allowed] == []
    assert {"msgspec", "pynamodb", "pyarrow", "resvg-py"} <= {one.name for one in found}


def test_the_groups_of_every_layer_are_covered() -> None:
    assert {spec.layer for spec in SPECS.values()} == set(SHIPPED)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_that_is_unknown_or_not_listed_is_refused(licence: str, allowed: bool) -> None:
    assert Shipped("one", "1", licence).allowed is allowed


def test_a_component_has_its_licence_and_none_of_another_platform_is_listed() -> None:
    found = {
        "components": [
            {"bom-ref": "1", "name": "msgspec", "description": "line 3: msgspec==0 --hash=x"},
            {"bom-ref": "2", "name": "colorama"},
        ],
        "dependencies": [{"ref": "1"}, {"ref": "2"}],
    }
    known = {"msgspec": Shipped("msgspec", "0.22.0", "BSD-3-Clause")}
    assert with_licences(found, known) == {
        "components": [
            {"bom-ref": "1", "name": "msgspec", "licenses": [{"expression": "BSD-3-Clause"}]}
        ],
        "dependencies": [{"ref": "1"}],
    }


def test_there_is_a_document_for_each_layer_and_for_the_pages() -> None:
    asked: list[str] = []

    def run(command: Sequence[str]) -> str:
        asked.append(" ".join(command))
        return json.dumps({"components": []})

    assert set(documents(run, [])) == {*SHIPPED, "web"}
    assert sum("cyclonedx-py" in one for one in asked) == len(SHIPPED)
    assert sum(one.startswith("npm sbom") for one in asked) == 1


def test_a_new_lock_reports_new_changed_and_removed_pins(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, text in ((before, "a==1 \\\nb==1\n"), (after, "a==2 \\\nc==3\n")):
        folder.mkdir()
        (folder / "data.txt").write_text(text, encoding="utf-8")
    assert list(changes(before, after)) == [
        "data.txt: a 1 -> 2",
        "data.txt: b 1 -> gone",
        "data.txt: c new -> 3",
    ]
    assert list(changes(after, after)) == []


def test_what_is_shipped_and_what_is_tested_have_one_botocore() -> None:
    locks = [REQUIREMENTS / f"{name}.txt" for name in ("dev", "runtime", *SHIPPED)]
    texts = (lock.read_text(encoding="utf-8") for lock in locks)
    versions = {
        one for text in texts for one in re.findall(r"^botocore==(\S+)", text, re.MULTILINE)
    }
    assert len(versions) == 1
