"""Storage failures are mapped to the product's errors."""

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from pynamodb.exceptions import PutError, UpdateError

from topk.domain.errors import ConflictError, StoreError
from topk.stores.dynamodb.error_mapping import translated


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "simulated"}}, "UpdateItem")


def test_a_failed_condition_is_a_conflict() -> None:
    with pytest.raises(ConflictError, match="write row"), translated("write row"):
        raise PutError("no", _refused("ConditionalCheckFailedException"))


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (_refused("ThrottlingException"), "write row: ThrottlingException"),
        (ReadTimeoutError(endpoint_url="https://dynamodb.example"), "write row: ReadTimeoutError"),
        (BotoCoreError(), "write row: BotoCoreError"),
    ],
)
def test_an_error_or_missing_response_is_a_storage_failure(cause: Exception, said: str) -> None:
    with pytest.raises(StoreError, match=said), translated("write row"):
        raise UpdateError("no", cause)
    with pytest.raises(StoreError, match=said), translated("write row"):
        raise cause
