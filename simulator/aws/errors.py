"""Errors of the simulated services."""

from typing import Any


class AwsError(Exception):
    """A service refused a call. `code` is AWS's error code; `details` are further members of the
    error response, such as `CancellationReasons`.
    """

    def __init__(self, code: str, message: str = "", **details: Any) -> None:
        super().__init__(message or code)
        self.code = code
        self.details = details


class NotSimulatedError(BaseException):
    """The call needs a feature that the simulator does not have.

    Not an Exception, so that the code under test cannot handle it like a failure of AWS.
    """


def invalid(message: str) -> AwsError:
    """The error for a request that breaks a rule of DynamoDB."""
    return AwsError("ValidationException", message)
