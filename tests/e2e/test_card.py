"""The card of a public list at the deployed service: bytes of a picture, without a token."""

import httpx2
import pytest

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People
from cli.studies.demonstration.run import Result

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]


def test_the_card_of_a_public_list_is_a_picture(
    stack: LocalStack, week: Result, people: People
) -> None:
    assert week.faults == {}
    owner = next(one for one in people.everyone if people.expect(one, "GET", "/v1/me/top")["songs"])
    url = f"{stack.api_urls[owner.tenant]}/v1/users/{owner.user}/top"
    with httpx2.Client(timeout=30, trust_env=False) as http:
        people.expect(owner, "PATCH", "/v1/me", {"visibility": "public"})
        png, svg = http.get(f"{url}.png"), http.get(f"{url}.svg?size=story")
        people.expect(owner, "PATCH", "/v1/me", {"visibility": "followers"})
        assert http.get(f"{url}.png").status_code == 404
    assert (png.status_code, png.headers["content-type"]) == (200, "image/png")
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert svg.text.startswith("<svg ")
