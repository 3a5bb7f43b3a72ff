"""The browser of tests, screenshots and `topk lighthouse`, driven by Playwright.

It is the Chromium that `make setup` unpacks from a package. On platforms that the package does not
support, it is the system's Chromium or Chrome.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cli import tools
from cli.failure import CommandFailedError

PACKAGED = tools.FILES / "chromium"
FONTS = Path(__file__).with_name("fonts.conf")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
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
    """The path of the browser. Raises CommandFailedError, with what to do, if there is none."""
    if _packaged().exists():
        return str(_packaged())
    for name in (*NAMES, *MAC_APPLICATIONS):
        if found := shutil.which(name):
            return found
    raise CommandFailedError(
        "no browser: none is packaged for this platform; install Chromium or Chrome"
        " (on Debian and Ubuntu, as root: apt-get install chromium)"
    )


def environment() -> dict[str, str]:
    """This process's environment, with the packaged browser's libraries and the project's own
    fonts, whose path may have letters that this process's locale lacks.
    """
    found = os.environ | {"FONTCONFIG_FILE": str(FONTS), "LC_ALL": "C.UTF-8"}
    if _packaged().exists():
        found["LD_LIBRARY_PATH"] = str(PACKAGED / "al2023" / "lib")
    return found


def version() -> str:
    """The browser's name and version, such as "Chromium 153.0.8010.0"."""
    command = [executable(), "--version"]
    done = subprocess.run(  # noqa: S603 - the browser
        command, env=environment(), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser with a fresh profile, which is deleted at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=list(FLAGS), env={**environment()}
        )
        try:
            yield browser
        finally:
            browser.close()


def _packaged() -> Path:
    return PACKAGED / "chromium"
