"""Last.fm's errors: https://www.last.fm/api/errorcodes, and reports of its clients."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One of Last.fm's errors. A code has one meaning at any HTTP status, except for 6."""

    code: int
    status: int
    message: str

    def body(self) -> dict[str, Any]:
        return {"message": self.message, "error": self.code}


NO_METHOD = Refusal(3, 400, "Invalid Method - No method with that name in this package")
NO_TOKEN = Refusal(4, 403, "Unauthorized Token - This token has not been issued")
MISSING = Refusal(6, 400, "Invalid parameters - Your request is missing a required parameter")
NO_USER = Refusal(6, 404, "User not found")
NO_SESSION = Refusal(9, 403, "Invalid session key - Please re-authenticate")
NO_KEY = Refusal(10, 403, "Invalid API key - You must be granted a valid key by last.fm")
FORGED = Refusal(13, 403, "Invalid method signature supplied")
UNAUTHORIZED = Refusal(14, 403, "Unauthorized Token - This token has not been authorized")
EXPIRED = Refusal(15, 403, "This token has expired")
TOO_MANY = Refusal(
    29, 429, "Rate Limit Exceeded - Your IP has made too many requests in a short period"
)


class RefusedError(Exception):
    """A call that Last.fm refuses."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
