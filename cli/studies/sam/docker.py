"""Runs a function with `sam local invoke`, in a container built like Lambda's."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.failure import CommandFailedError
from cli.studies.sam.assembly import Staged
from cli.studies.sam.runtime import PYTHON, SAM, visible

IMAGE = "topk/lambda-python:3.13"
HOST = "host.docker.internal"
PATIENCE = 120
_BUILD = Path(__file__).with_name("image.sh")


def engine() -> bool:
    """Whether a Docker engine is running."""
    try:
        return not _run("docker", "info").returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def bridge() -> str:
    """The address of this machine that containers reach, on Docker's own network."""
    found = _run(
        "docker", "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}"
    )
    return found.stdout.strip() or "172.17.0.1"


def build_image() -> None:
    """The image that functions run in, unless it is there. Raises CommandFailedError."""
    if not _run("docker", "image", "inspect", IMAGE).returncode:
        return
    done = _run(str(_BUILD), str(PYTHON), IMAGE)
    if done.returncode:
        raise CommandFailedError(f"the Lambda image cannot be made: {done.stderr.strip()[-300:]}")


@dataclass(frozen=True, slots=True)
class SamLocal:
    """Invokes functions of `template` through SAM."""

    template: Path

    def invoke(self, function: Staged, event: Any, environment: Mapping[str, str]) -> Any:
        """The response, or Lambda's error document for an exception.

        SAM's exit code is 0 even when the function fails, so what it prints is judged. Raises
        CommandFailedError if it is not JSON.
        """
        variables = {function.logical_id: visible(function, environment)}
        with tempfile.TemporaryDirectory() as folder:
            given, told = Path(folder, "event.json"), Path(folder, "environment.json")
            given.write_text(json.dumps(event), encoding="utf-8")
            told.write_text(json.dumps(variables), encoding="utf-8")
            done = _run(
                *(str(SAM / "bin/sam"), "local", "invoke", function.logical_id),
                *("--template", str(self.template), "--event", str(given)),
                *("--env-vars", str(told), "--skip-pull-image", "--invoke-image", IMAGE),
                *("--add-host", f"{HOST}:host-gateway"),
            )
        try:
            return json.loads(done.stdout.strip().splitlines()[-1])
        except (ValueError, IndexError) as error:
            last = done.stderr.strip()[-300:]
            raise CommandFailedError(f"{function.handler} gave no answer: {last}") from error


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - Docker's and SAM's own commands, with our arguments
        command, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
