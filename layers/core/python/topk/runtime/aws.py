"""Clients of AWS services, by botocore alone: boto3 adds import time and nothing that is used."""

from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

_CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard"})


@lru_cache(maxsize=8)
def client(service: str, region: str) -> Any:
    return _session().create_client(service, region_name=region, config=_CONFIG)


@lru_cache(maxsize=1)
def _session() -> Session:
    return Session()
