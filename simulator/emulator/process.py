"""The command line and the complete environment of the emulator's process.

The functions' processes inherit this environment, so it takes nothing from the caller: no
PYTHONPATH that would put the checkout on a function's path, no credentials, no proxies.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "000000000000"


class Credentials(NamedTuple):
    key_id: str
    secret: str


@dataclass(frozen=True)
class EmulatorProcess:
    """An emulator on 127.0.0.1:`port`, run by `python`.

    It keeps its own files in `folder`, follows the world's clock in the file `clock`, and shares
    the functions' unpacked code and layers with other emulators in `unpacked`.
    """

    python: Path
    port: int
    folder: Path
    clock: Path
    unpacked: Path = ROOT / ".topk" / "unpacked"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """Run it in ROOT: `-m` adds the working directory only to this process's path."""
        return [str(self.python), "-m", "simulator.emulator"]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TOPK_CLOCK": str(self.clock),
            "TOPK_UNPACKED": str(self.unpacked),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "LAMBDA_EXECUTOR": "local",
            # A busy machine may take longer than the 5 s of the emulator to make an issuer's keys.
            "MINISTACK_APIGW_JWKS_TIMEOUT_SECONDS": "60",
            # Do not look for a container engine, even if there is one.
            "DOCKER_HOST": f"unix://{self.folder}/no-docker.sock",
            "AUTH": "true",
            "PERSIST_STATE": "0",
            "S3_PERSIST": "0",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }


# With IAM enforced, the emulator takes these for the account's root user; functions run on their
# roles' own credentials.
ROOT_CREDENTIALS = Credentials(key_id="test", secret="test")  # noqa: S106 - opens nothing
