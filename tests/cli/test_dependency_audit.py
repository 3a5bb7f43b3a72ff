"""The audit of the locks: findings fail, and an incomplete audit never looks clean."""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import typer

from cli.commands.prove import dependency_audit
from cli.commands.prove.dependency_audit import (
    FOUND,
    RECORD,
    ROOT,
    UNAUDITED,
    Verdict,
    audit,
    digest,
    of_npm,
    of_pip,
    record,
    verdicts,
)

CLEAN_PIP = json.dumps({"dependencies": [{"name": "attrs", "version": "26.1", "vulns": []}]})
FLAW = {"id": "PYSEC-0000-1", "fix_versions": ["2"]}
BAD_PIP = json.dumps({"dependencies": [{"name": "old", "version": "1", "vulns": [FLAW]}]})
COUNTS = {"dependencies": {"total": 3}}
CLEAN_NPM = json.dumps({"auditReportVersion": 2, "vulnerabilities": {}, "metadata": COUNTS})
BAD_NPM = json.dumps(
    {"auditReportVersion": 2, "vulnerabilities": {"old": {"severity": "high"}}, "metadata": COUNTS}
)
REFUSED_NPM = json.dumps({"message": "405 Method Not Allowed", "method": "POST"})


def test_a_clean_lock_reports_the_number_of_packages() -> None:
    summaries = [str(of_pip("a.txt", CLEAN_PIP)), str(of_npm("b.json", CLEAN_NPM))]
    assert summaries == [
        "a.txt: 1 packages, none known to be vulnerable",
        "b.json: 3 packages, none known to be vulnerable",
    ]


def test_a_finding_names_the_package() -> None:
    assert of_pip("a.txt", BAD_PIP).found == ("old 1 (PYSEC-0000-1)",)
    assert of_npm("b.json", BAD_NPM).found == ("old (high)",)


@pytest.mark.parametrize("printed", ["", "Traceback (most recent call last):", "[]", "{}"])
def test_an_unavailable_service_is_not_reported_as_clean(printed: str) -> None:
    for verdict in (of_pip("a.txt", printed), of_npm("b.json", printed)):
        assert verdict.unaudited
        assert "NOT AUDITED" in str(verdict)
    assert of_npm("b.json", REFUSED_NPM).unaudited


def test_a_skipped_package_counts_as_not_audited() -> None:
    passed_over = {"name": "own", "skip_reason": "not found on PyPI"}
    report = json.loads(CLEAN_PIP)
    report["dependencies"].append(passed_over)
    assert of_pip("a.txt", json.dumps(report)).unaudited == "1 packages could not be looked up"


def test_every_lock_is_audited(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for name in ("dev.txt", "data.txt", "dev.in"):
        (tmp_path / "requirements" / name).touch()

    def run(command: Sequence[str]) -> str:
        return CLEAN_NPM if command[0] == "npm" else CLEAN_PIP

    locks = [one.lock for one in verdicts(tmp_path, run)]
    assert locks == [
        "requirements/data.txt",
        "requirements/dev.txt",
        "package-lock.json",
        "web/package-lock.json",
        "web/lighthouse/package-lock.json",
        "tests/clients/node/package-lock.json",
        "examples/host-react/package-lock.json",
    ]


def test_every_lock_of_the_project_is_audited() -> None:
    locks = (
        "package-lock.json",
        "web/**/package-lock.json",
        "tests/clients/node/package-lock.json",
        "examples/*/package-lock.json",
        "requirements/*.txt",
    )
    there = {
        str(lock.relative_to(ROOT))
        for form in locks
        for lock in ROOT.glob(form)
        if "node_modules" not in lock.parts
    }
    assert {one.lock for one in verdicts(ROOT, lambda _: "")} == there


def test_npm_audits_the_lock_that_is_reported() -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        asked.append(command)
        return ""

    list(verdicts(ROOT, run))
    of_root, *others = [command for command in asked if command[0] == "npm"]
    folders = ("web", "web/lighthouse", "tests/clients/node", "examples/host-react")
    assert others == [[*of_root, "--prefix", one] for one in folders]


@pytest.mark.parametrize(
    ("pip", "npm", "fine", "code"),
    [
        (CLEAN_PIP, CLEAN_NPM, False, None),
        (CLEAN_PIP, REFUSED_NPM, False, UNAUDITED),
        (CLEAN_PIP, REFUSED_NPM, True, None),
        ("", BAD_NPM, True, FOUND),
        (BAD_PIP, "", True, FOUND),
    ],
)
def test_findings_always_fail_and_a_missing_audit_unless_allowed(
    pip: str, npm: str, fine: bool, code: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        dependency_audit, "_run", lambda command: npm if command[0] == "npm" else pip
    )
    if code is None:
        audit(unreachable_is_fine=fine)
        return
    with pytest.raises(typer.Exit) as ended:
        audit(unreachable_is_fine=fine)
    assert ended.value.exit_code == code


def test_the_record_is_of_the_locks_as_they_are() -> None:
    recorded = re.findall(r"^\| `(\S+)` \| `(\w+)` \| \S", RECORD.read_text("utf-8"), re.MULTILINE)
    locks = [verdict.lock for verdict in verdicts(ROOT, lambda _: "")]
    changed = "run `make audit ARGS=--write`"
    assert recorded == [(lock, digest(ROOT / lock)) for lock in locks], changed


def test_the_record_repeats_each_result_with_its_day() -> None:
    told = [Verdict("package.json", audited=3), Verdict("cdk.json", unaudited="no answer")]
    text = record(told, date(2026, 11, 22), ROOT)
    assert "On 2026-11-22, " in text
    assert "| 3 packages, none known to be vulnerable |" in text
    assert "| NOT AUDITED: no answer |" in text
