"""Clients of AWS services with botocore; boto3 would only add import time."""

from functools import lru_cache
from typing import Any

from botocore.config import Config

from topk.aws_session import aws_session

_CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard"})
# Otherwise S3 links use an old signature or, outside us-east-1, an address that redirects.
_OF_SERVICE = {"s3": Config(signature_version="s3v4", s3={"addressing_style": "virtual"})}


@lru_cache(maxsize=8)
def client(service: str, region: str) -> Any:
    config = _CONFIG.merge(_OF_SERVICE.get(service, Config()))
    return aws_session().create_client(service, region_name=region, config=config)
