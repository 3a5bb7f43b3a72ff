"""Commands of SAM to type: a function with a fixture, or the API, against the running local stack.

SAM resolves no reference to another stack, and CloudFormation has not filled in any name, so that
every variable comes from the file for `--env-vars`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.studies.sam.assembly import STAGE, Assembly
from cli.studies.sam.docker import HOST
from infra_cdk import outputs
from simulator.emulator.process import REGION, ROOT_CREDENTIALS

FOLDER = Path("out/sam")
ENVIRONMENT = FOLDER / "env.json"
TEMPLATE = FOLDER / "cdk" / f"{outputs.stateless_stack(STAGE)}.template.json"
ROUTES_PORT = 3000
_LOOPBACK = "127.0.0.1"


def invoke(logical_id: str, fixture: Path) -> list[str]:
    """`sam local invoke` of a function with a fixture."""
    return ["sam", "local", "invoke", logical_id, "--event", str(fixture), *_common()]


def start_api() -> list[str]:
    """`sam local start-api`, which serves the API's routes; it checks no token."""
    return ["sam", "local", "start-api", "--port", str(ROUTES_PORT), *_common()]


def _common() -> list[str]:
    return [
        *("--template", str(TEMPLATE), "--env-vars", str(ENVIRONMENT)),
        *("--add-host", f"{HOST}:host-gateway"),
    ]


def environments(
    assembly: Assembly, deployed: Mapping[str, Mapping[str, str]], endpoint: str
) -> dict[str, dict[str, str]]:
    """The contents of the file, by logical id. `deployed` are the variables of the local stack's
    functions by name; `endpoint` is its AWS, which a container reaches under another host name.
    """
    reach = {
        "AWS_ENDPOINT_URL": endpoint.replace(_LOOPBACK, HOST),
        "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
    return {
        function.logical_id: {
            **{variable: _reached(deployed[name][variable]) for variable in deployed[name]},
            **reach,
        }
        for name, function in assembly.functions.items()
    }


def _reached(value: str) -> str:
    return value.replace(_LOOPBACK, HOST)


def variables_of(function: Mapping[str, Any]) -> dict[str, str]:
    """The variables in what Lambda says of a function's configuration."""
    found: dict[str, str] = function.get("Environment", {}).get("Variables", {})
    return found
