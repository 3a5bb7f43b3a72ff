"""A page of another server on this machine embeds the list, as `topk up --origin` allows."""

import json

import httpx2
import pytest
from playwright.sync_api import Page, expect

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result
from simulator.host.music import BUILT
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.visiting import TENANT

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

EMBEDDING = """<!doctype html><title>Elsewhere</title>
<script type="module" src="{root}/music/{file}" crossorigin integrity="{integrity}"></script>
<top-songs api="{api}" user="{user}" signed-in></top-songs>
<script type="module">
document.querySelector("top-songs").getToken = async () => {{
  const answer = await fetch("{root}/sign-in", {{
    method: "POST",
    headers: {{ "content-type": "application/json" }},
    body: JSON.stringify({{ user: "{viewer}" }}),
  }});
  return (await answer.json()).token;
}};
</script>"""


def test_the_widget_shows_a_list_with_a_token_of_the_host_app(
    week: Result,
    stack: LocalStack,
    elsewhere: Elsewhere,
    people: People,
    follower: Person,
    followed: Person,
    page: Page,
) -> None:
    assert week.faults == {}
    served = people.expect(follower, "GET", f"/v1/users/{followed.user}/top?k=10")["songs"]
    elsewhere.html = EMBEDDING.format(
        root=f"{stack.world_url}/host/{TENANT}",
        api=stack.api_urls[TENANT],
        user=followed.user,
        viewer=follower.user,
        **json.loads((BUILT / "integrity.json").read_text())["top-songs"],
    )
    page.goto(f"{elsewhere.origin}/")
    widget = page.locator("top-songs")
    expect(widget.get_by_role("listitem")).to_have_count(len(served))
    titles = widget.locator("[part=title] bdi").all_text_contents()
    assert titles == [one["title"] for one in served]


def test_a_frame_shows_a_page_of_the_host_app(
    week: Result, stack: LocalStack, elsewhere: Elsewhere, followed: Person, page: Page
) -> None:
    assert week.faults == {}
    profile = f"{stack.world_url}/host/{TENANT}/people/{followed.user}"
    elsewhere.html = f'<!doctype html><title>Elsewhere</title><iframe src="{profile}"></iframe>'
    page.goto(f"{elsewhere.origin}/")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()


def test_an_account_can_be_connected_from_there(
    stack: LocalStack, elsewhere: Elsewhere, people: People, follower: Person
) -> None:
    [provider, *_] = follower.accounts
    begun = people.call(
        follower, "POST", f"/v1/connections/{provider}", {"return_to": f"{elsewhere.origin}/"}
    )
    assert begun.is_success


def test_pages_of_other_origins_are_refused(stack: LocalStack, elsewhere: Elsewhere) -> None:
    for origin, allowed in ((elsewhere.origin, elsewhere.origin), ("http://other.example", None)):
        for url in (
            f"{stack.api_urls[TENANT]}/v1/me/top",
            f"{stack.world_url}/host/{TENANT}/sign-in",
        ):
            asked = {"origin": origin, "access-control-request-method": "POST"}
            answer = httpx2.options(url, headers=asked, timeout=60, trust_env=False)
            assert answer.headers.get("access-control-allow-origin") == allowed
