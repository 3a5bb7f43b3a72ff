"""Serves the API description, openapi.json."""

import hashlib
from functools import lru_cache
from pathlib import Path

from topk.runtime.api import Answer, Request

FRESH_SECONDS = 300
"""How long caches may store it."""


def describe(request: Request) -> Answer:
    text, tag = _published()
    headers = {"etag": tag, "cache-control": f"public, max-age={FRESH_SECONDS}"}
    if tag in request.headers.get("if-none-match", ""):
        return Answer(304, headers=headers)
    return Answer(body=text, headers=headers)


@lru_cache(maxsize=1)
def _published() -> tuple[str, str]:
    """The document and its ETag."""
    text = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
