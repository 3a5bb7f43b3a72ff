"""The app, run as the CDK command line runs it."""

import json
import os
import subprocess
import sys

import pytest

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
