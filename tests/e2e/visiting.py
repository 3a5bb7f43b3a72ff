"""A person in front of the host app, with a real browser."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import Person
from tests.browser.embedding import violations

Picture = Callable[[str], None]
TENANT = "harbor"


class Visitor:
    """Navigates the pages of the deployed stack by their visible text."""

    def __init__(self, stack: LocalStack, page: Page, tenant: str = TENANT) -> None:
        self.page = page
        self.root = f"{stack.world_url}/host/{tenant}"

    def sign_in(self, person: Person) -> None:
        """Signs in as `person` in place of anyone before; ends at their own profile."""
        self.page.goto(f"{self.root}/")
        self.page.get_by_role("button", name=f"@{person.user}").click()
        self.page.wait_for_url(f"{self.root}/people/{person.user}")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.root}/{path}")
        return self.page

    def profile(self, person: Person) -> Locator:
        """The widget on the profile of `person`."""
        self.open(f"people/{person.user}")
        return self.page.locator("top-songs")

    def songs(self, widget: Locator) -> list[str]:
        """The titles on a list, once there are any."""
        expect(widget.get_by_role("listitem").first).to_be_visible()
        return widget.locator("[part=title] bdi").all_text_contents()

    def find_it_accessible(self) -> None:
        assert violations(self.page) == []
