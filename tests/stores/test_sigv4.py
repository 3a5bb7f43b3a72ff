"""Request signatures equal botocore's."""

from datetime import UTC, datetime
from unittest.mock import patch

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from topk.stores.dynamodb.signer import Signer

_WORDS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789/+=.-_", min_size=1, max_size=60)


@given(
    access=_WORDS,
    secret=_WORDS,
    token=st.none() | _WORDS,
    target=_WORDS,
    body=st.binary(max_size=200),
    region=st.sampled_from(["us-east-1", "eu-central-1"]),
    service=st.sampled_from(["dynamodb", "sqs"]),
    host=st.sampled_from(["sqs.us-east-1.amazonaws.com", "127.0.0.1:4566"]),
    now=st.integers(0, 4_000_000_000),
)
def test_a_signature_equals_botocores(
    access: str,
    secret: str,
    token: str | None,
    target: str,
    body: bytes,
    region: str,
    service: str,
    host: str,
    now: int,
) -> None:
    credentials = ReadOnlyCredentials(access, secret, token)
    signer = Signer(service, region, host=host, content_type="application/x-amz-json-1.0")
    ours = signer.headers(target, body, credentials, now=now)
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}
    request = AWSRequest("POST", f"http://{host}/", headers=headers, data=body)
    moment = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)
    with patch("botocore.auth.get_current_datetime", return_value=moment):
        SigV4Auth(credentials, service, region).add_auth(request)
    theirs = {**dict(request.headers.items()), "Host": host}
    assert dict(ours) == theirs
