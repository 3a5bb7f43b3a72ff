"""Revocation of a consent by one of its tokens (RFC 7009)."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.fields import form
from simulator.providers.grants import Grants


class Revocation:
    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    async def revoke(self, request: Request) -> Response:
        """Ends the whole consent; an unknown token is not an error (RFC 7009, 2.2)."""
        consent = self._grants.consent_of((await form(request)).get("token", ""))
        if consent is not None:
            self._grants.revoke(lambda other: other == consent)
        return Response()
