"""The CDK's own command line bootstraps an account on the emulator, as README.md says."""

import os
import subprocess
import sys

import httpx2
import pytest

from cli.launch.preflight import BOOTSTRAP, OLDEST_BOOTSTRAP
from cli.launch.stage_account import stage_account
from cli.studies.rehearsal.account import Account
from infra_cdk.config import EDGE_REGION
from simulator.emulator.process import ACCOUNT, ROOT, ROOT_CREDENTIALS

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("rehearsal")]


def test_every_region_of_a_stage_can_be_bootstrapped(own_emulator: str) -> None:
    account = Account(own_emulator, EDGE_REGION)
    httpx2.post(f"{own_emulator}/_ministack/reset", timeout=60, trust_env=False).raise_for_status()
    regions = sorted({stage_account("staging").region, EDGE_REGION})
    places = [f"aws://{ACCOUNT}/{region}" for region in regions]
    done = subprocess.run(
        [sys.executable, "-m", "cli.start", "cdk", "bootstrap", *places],
        cwd=ROOT,
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": own_emulator,
            "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
            "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
            "AWS_REGION": EDGE_REGION,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    for place, region in zip(places, regions, strict=True):
        assert f"Environment {place} bootstrapped" in told
        version = account.client("ssm", region).get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"]
        assert int(version) >= OLDEST_BOOTSTRAP
