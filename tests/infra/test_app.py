"""The app, run as the CDK command line runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra_cdk.config import deployments
from tests.synthesis import ROOT, context

pytestmark = pytest.mark.xdist_group("staging")


def test_an_invalid_option_ends_it_with_one_line() -> None:
    chosen = {"CDK_CONTEXT_JSON": json.dumps(context("local", world="nowhere"))}
    ended = subprocess.run(
        [sys.executable, "-m", "infra_cdk.app"],
        cwd=ROOT,
        env=os.environ | chosen | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == ("-c world=nowhere: want a base URL such as http://127.0.0.1:8700\n")


def test_without_a_target_it_is_for_aws() -> None:
    """So that `cdk bootstrap` and `cdk diff` need no options."""
    declared = context("aws")
    del declared["target"]
    assert [one.name for one in deployments(declared)] == ["staging", "production"]


def test_the_cdk_starts_it_from_any_folder_and_says_what_is_missing(tmp_path: Path) -> None:
    command = json.loads((ROOT / "cdk.json").read_text())["app"]
    assert command == "sh infra_cdk/app.sh"
    (tmp_path / "infra_cdk").mkdir()
    script = shutil.copy(ROOT / "infra_cdk" / "app.sh", tmp_path / "infra_cdk")
    ended = subprocess.run(["sh", script], cwd="/", capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("run make setup first")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PWD: $*"\n')
    python.chmod(0o755)
    ended = subprocess.run(["sh", script], cwd="/", capture_output=True, text=True, check=True)
    assert ended.stdout == f"{tmp_path}: -O -m infra_cdk.app\n"
