"""Clients of the emulator."""

from typing import Any

from botocore.config import Config
from botocore.session import get_session

from simulator.emulator.process import REGION, ROOT_CREDENTIALS


def client(service: str, url: str) -> Any:
    """A boto client of `service` at `url` with the root user's permissions."""
    return get_session().create_client(
        service,
        endpoint_url=url,
        region_name=REGION,
        # Not through the caller's proxy: the emulator is on this machine.
        config=Config(proxies={}),
        aws_access_key_id=ROOT_CREDENTIALS.key_id,
        aws_secret_access_key=ROOT_CREDENTIALS.secret,
    )
