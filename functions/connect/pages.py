"""The two HTML pages of connect. Neither inserts strings into its script."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from topk.domain.crawl.provider import ConsentPage

_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
<main><h1>{title}</h1>{content}</main></html>
"""
_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;"
    "place-items:center;color-scheme:light dark}main{max-width:28rem;padding:2rem}"
    "button{font:inherit;padding:.6rem 1.4rem}"
)
_SCRIPT = """
const form = document.querySelector("form");
const back = (name, value) => { form.elements[name].value = value; form.submit(); };
document.querySelector("button").addEventListener("click", async () => {
  try {
    await MusicKit.configure({ developerToken: form.dataset.developerToken,
      app: { name: "Top songs", build: "1" } });
    back("music_user_token", await MusicKit.getInstance().authorize());
  } catch { back("error", "access_denied"); }
});
"""


@dataclass(frozen=True, slots=True)
class Page:
    """`policy` is its Content-Security-Policy."""

    html: str
    policy: str


def music_kit(page: ConsentPage, *, return_to: str) -> Page:
    """Obtains the user's token from Apple's script and posts it to the callback as a form.

    The form's response redirects to `return_to`, to which browsers apply `form-action` too.
    """
    content = (
        "<p>Apple Music asks for your consent in a separate window.</p>"
        "<button>Continue to Apple Music</button>"
        f'<form method="post" action="{escape(page.post_to)}" '
        f'data-developer-token="{escape(page.developer_token)}">'
        f'<input type="hidden" name="state" value="{escape(page.state)}">'
        '<input type="hidden" name="music_user_token"><input type="hidden" name="error"></form>'
        f'<script src="{escape(page.script_url)}"></script><script>{_SCRIPT}</script>'
    )
    origin = _origin(page.script_url)
    policy = (
        f"default-src 'none'; style-src {_digest(_STYLE)}; "
        f"script-src {origin} {_digest(_SCRIPT)}; connect-src {origin} https://*.apple.com; "
        "frame-src https://*.apple.com; img-src https://*.apple.com; "
        f"form-action {_origin(page.post_to)} {_origin(return_to)}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return Page(_html("Connect Apple Music", content), policy)


def broken_off() -> Page:
    """Shown if the callback is invalid and there is no trusted return address."""
    content = (
        "<p>This link has expired or was already used. Nothing was stored. "
        "Return to the app and connect the account again.</p>"
    )
    policy = (
        f"default-src 'none'; style-src {_digest(_STYLE)}; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )
    return Page(_html("The account was not connected", content), policy)


def _html(title: str, content: str) -> str:
    return _FRAME.format(title=title, style=_STYLE, content=content)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
