"""The system's Chromium, driven by playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


def executable() -> str:
    """Where Chromium is; the test fails with how to get it where it is not."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is missing; as root: apt-get install chromium", pytrace=False)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser with a fresh profile, which goes with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
