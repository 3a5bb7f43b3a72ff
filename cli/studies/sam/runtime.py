"""A function in Lambda's own runtime, without Docker.

The runtime interface emulator that comes with SAM stands for the Lambda service; Lambda's runtime
interface client takes events from it, in an environment that holds what Lambda's image holds.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from cli.failure import CommandFailedError
from cli.local_stack.ports import free_ports
from cli.studies.sam.assembly import Staged
from infra_cdk.functions.architecture import this_architecture
from simulator.emulator.process import ROOT

PYTHON = ROOT / ".topk/lambda-venv/bin/python"
SAM = ROOT / ".topk/sam-venv"
PATIENCE = 60
_INVOKE = "/2015-03-31/functions/function/invocations"


def emulator() -> Path:
    """The emulator's binary. Raises CommandFailedError if the tools are not installed."""
    name = f"samcli/local/rapid/aws-lambda-rie-{this_architecture()}"
    found = next(SAM.glob(f"lib/python*/site-packages/{name}"), None)
    if found is None or not PYTHON.exists():
        raise CommandFailedError("Lambda's runtime is not installed: make sam installs and runs it")
    return found


@dataclass(frozen=True, slots=True)
class RuntimeEmulator:
    """Invokes functions, each time in a new environment, as after a cold start.

    `compiled` is a folder for the bytecode of imported modules, which the assets do not contain.
    """

    binary: Path
    compiled: Path

    def invoke(self, function: Staged, event: Any, environment: Mapping[str, str]) -> Any:
        """The answer, or the error document that Lambda makes of an exception.

        Raises CommandFailedError if there is no response within a minute.
        """
        api, runtime = free_ports(2)
        process = subprocess.Popen(  # noqa: S603 - binaries of our own environments
            [
                self.binary,
                *("--runtime-interface-emulator-address", f"127.0.0.1:{api}"),
                *("--runtime-api-address", f"127.0.0.1:{runtime}"),
                *(PYTHON, "-m", "awslambdaric", function.handler),
            ],
            cwd=function.code,
            env={
                **_environment(function, environment),
                "PYTHONPYCACHEPREFIX": str(self.compiled),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            transport = httpx2.HTTPTransport(retries=10)
            with httpx2.Client(transport=transport, timeout=PATIENCE, trust_env=False) as http:
                return http.post(f"http://127.0.0.1:{api}{_INVOKE}", json=event).json()
        except (httpx2.HTTPError, ValueError) as error:
            raise CommandFailedError(f"{function.handler} gave no answer: {error}") from error
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(function: Staged, given: Mapping[str, str]) -> dict[str, str]:
    """Only what Lambda would set, with the paths of code and layers in the order of its image."""
    shared = ("PATH", "HOME", "LANG", "TMPDIR")
    return {
        **{name: os.environ[name] for name in shared if name in os.environ},
        **visible(function, given),
        "AWS_LAMBDA_FUNCTION_NAME": function.logical_id,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.seconds),
        "LAMBDA_TASK_ROOT": str(function.code),
        "PYTHONPATH": os.pathsep.join(
            map(str, [function.code, *(layer / "python" for layer in function.layers)])
        ),
    }


def visible(function: Staged, given: Mapping[str, str]) -> dict[str, str]:
    """The variables of `given` that the deployed function has, and the address and credentials of
    AWS.
    """
    return {
        name: value
        for name, value in given.items()
        if name in function.variables or name.startswith("AWS_")
    }
