"""Deploy the service to the local emulator with the real `cdk deploy`."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cli import tools
from cli.local_stack.processes import Process, launch
from simulator.emulator.process import ACCOUNT, REGION, ROOT, ROOT_CREDENTIALS

ASSEMBLY = "cdk.out"
# Where the CDK puts assets with its default qualifier. Of all that `cdk bootstrap` makes, this is
# the one thing that a deployment with the caller's own credentials uses.
STAGING_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


def begin_synthesis(
    folder: Path, *, world_url: str, emulator_url: str, origins: Sequence[str] = ()
) -> Process:
    """Start to write the local target's templates and assets to `folder`. It sends no request to
    the emulator, so both can start at the same time.

    Runs the app directly, because the CDK command line would ask STS for the account first. Context
    and folder are passed as described in
    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api-readme.html
    """
    declared = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    chosen = {
        "target": "local",
        "world": world_url,
        "emulator": emulator_url,
        "origins": list(origins),
    }
    environment = _environment(emulator_url) | {
        "CDK_OUTDIR": str(folder / ASSEMBLY),
        "CDK_CONTEXT_JSON": json.dumps(declared | chosen),
    }
    command = [sys.executable, "-O", "-m", "infra_cdk.app"]
    return launch("synthesis", command, environment=environment, folder=folder)


def begin_deployment(folder: Path, *, emulator_url: str) -> Process:
    """Start `cdk deploy --all` of the assembly in `folder` to a running emulator.

    The CDK command line asks STS for the account within a second of its start and asks only once.
    """
    command = [
        *tools.cdk(), "deploy", "--all",
        "--app", str(folder / ASSEMBLY),
        "--outputs-file", str(_outputs_file(folder)),
        "--require-approval", "never",
        "--method", "direct",
        "--progress", "events",
        "--no-notices",
    ]  # fmt: skip
    return launch("deploy", command, environment=_environment(emulator_url), folder=folder)


def deployed_outputs(folder: Path) -> dict[str, str]:
    """The outputs of all stacks that were deployed from `folder`, by name."""
    stacks = json.loads(_outputs_file(folder).read_text(encoding="utf-8"))
    return {
        name: value
        for outputs in stacks.values()
        for name, value in outputs.items()
        # What one stack hands to another is between the two.
        if not name.startswith("PublishOutput")
    }


def _outputs_file(folder: Path) -> Path:
    return folder / "outputs.json"


def _environment(emulator_url: str) -> dict[str, str]:
    """The caller's environment, which uv needs for its index settings, without AWS variables."""
    caller = tools.environment(os.environ)
    inherited = {name: value for name, value in caller.items() if not name.startswith("AWS_")}
    return inherited | {
        "AWS_ENDPOINT_URL": emulator_url,
        "AWS_ENDPOINT_URL_S3": emulator_url,
        "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "NO_COLOR": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        # CDK's own checks of the templates are for those that go to AWS.
        "CDK_VALIDATION": "false",
    }
