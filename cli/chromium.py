"""The system's Chromium, driven by playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from cli.failure import CommandFailedError

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
    """Where Chromium is. Raises CommandFailedError with how to get it where it is not."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise CommandFailedError("Chromium is missing; as root: apt-get install chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser with a fresh profile, which goes with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
