"""Map AWS errors to the error tree."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from topk.domain.errors import ConflictError, StoreError

_CONDITION_FAILED = "ConditionalCheckFailedException"


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raises ConflictError for a failed condition and StoreError for everything else."""
    try:
        yield
    except (PynamoDBException, ClientError) as error:
        code = _code(error)
        if code == _CONDITION_FAILED:
            raise ConflictError(what) from error
        cause = getattr(error, "cause", None) or error
        raise StoreError(f"{what}: {code or type(cause).__name__}") from error
    except BotoCoreError as error:
        raise StoreError(f"{what}: {type(error).__name__}") from error


def _code(error: PynamoDBException | ClientError) -> str | None:
    """AWS's error code, or None without a response. PynamoDB's property fails then, because
    botocore's timeouts have `response` None.
    """
    cause = error.cause if isinstance(error, PynamoDBException) else error
    response = getattr(cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
