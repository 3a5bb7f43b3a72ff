"""A listener's browser: it follows redirects and fills in consent forms, but runs no scripts.

One request replaces the provider's script (MusicKit) of a real browser.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from cli.failure import CommandFailedError

_SCRIPT = "/musickit/v3/musickit.js"


@dataclass
class Form:
    """The form of a page, with what its inputs hold."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form.action = given.get("action", "")
            self.form.data = {name: given[name] for name in given if name.startswith("data-")}
        elif tag == "input" and "name" in given:
            self.form.fields[given["name"]] = given.get("value", "")
        elif tag == "script" and "src" in given:
            self.form.scripts.append(given["src"])


class Browser:
    """`http` must not follow redirects itself."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    def consent(self, address: str, account: str, decision: str = "allow") -> str:
        """Goes to `address`, decides as `account`, and returns where the browser ends up.

        Raises CommandFailedError if a page on the way is unexpected.
        """
        page = self._http.get(address)
        if page.status_code != httpx2.codes.OK:
            raise CommandFailedError(f"the consent page answered {page.status_code}")
        form = _form(page.text)
        if form.scripts:
            answer = self._post_token(form, account)
        else:
            filled = form.fields | {"account": account, "decision": decision}
            answer = self._http.post(urljoin(address, form.action), data=filled)
        return self._landing(answer)

    def _post_token(self, form: Form, account: str) -> httpx2.Response:
        wish = {
            "developer_token": form.data["data-developer-token"],
            "account": account,
            "decision": "allow",
        }
        musickit = form.scripts[0].removesuffix(_SCRIPT)
        token = self._http.post(f"{musickit}/authorize", json=wish).json()
        return self._http.post(form.action, data=form.fields | token)

    def _landing(self, answer: httpx2.Response) -> str:
        """The first address beyond our callback: the host app's page, which is not opened."""
        for _ in range(5):
            location = answer.headers.get("location")
            if location is None:
                raise CommandFailedError(f"the way back ended with {answer.status_code}")
            told = parse_qs(urlsplit(location).query)
            if "confirmation" in told or "connect_error" in told:
                return str(location)
            answer = self._http.get(location)
        raise CommandFailedError("the way back goes round in circles")


def _form(html: str) -> Form:
    reader = _Reader()
    reader.feed(html)
    return reader.form
