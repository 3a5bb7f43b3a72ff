"""Clients with botocore's interface, for code in the same process."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from simulator.aws.calls import Answer, Perform
from simulator.aws.errors import AwsError

Request = Mapping[str, Any]
Start = Callable[[Perform], Perform]
"""Starts a call beside others, and returns what waits for its answer."""


def when_awaited(call: Perform) -> Perform:
    """The call is made when its answer is awaited: no two calls run at once."""
    return call


class Client:
    """A service's operations as methods in snake case, as botocore names them."""

    _request_signer = None

    def __init__(
        self, service: str, call: Callable[[str, Request], Answer], start: Start = when_awaited
    ) -> None:
        self._service = service
        self._call = call
        self._start = start

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        operation = _operation(name)
        return lambda **request: self._make_api_call(operation, request)

    def begin(self, operation: str, request: Request) -> Perform:
        """Starts a call, as the product's fast client does."""
        return self._start(partial(self._make_api_call, operation, request))

    def _make_api_call(self, operation: str, request: Request) -> Answer:
        """The method through which PynamoDB calls botocore's clients. Raises ClientError."""
        try:
            return self._call(operation, request)
        except AwsError as error:
            told: Any = {"Error": {"Code": error.code, "Message": str(error)}, **error.details}
            raise ClientError(told, operation) from error

    def get_paginator(self, name: str) -> "Paginator":
        return Paginator(partial(self._make_api_call, _operation(name)))

    def generate_presigned_url(self, _method: str, **given: Any) -> str:
        """A URL that no server answers."""
        named = given["Params"]
        return f"https://{named['Bucket']}.s3.amazonaws.com/{quote(named['Key'])}"


class Paginator:
    """Follows the continuation tokens of S3's lists."""

    def __init__(self, call: Callable[[Request], Answer]) -> None:
        self._call = call

    def paginate(self, **request: Any) -> Iterator[Answer]:
        page = self._call(request)
        yield page
        while token := page.get("NextContinuationToken"):
            page = self._call({**request, "ContinuationToken": token})
            yield page


@cache
def _operation(method: str) -> str:
    """`put_item` -> PutItem."""
    return "".join(part.capitalize() for part in method.split("_"))
