"""The npm package, installed from its packed file as a host installs it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cli import tools
from tests.browser.double import Double, served
from tests.browser.embedding import violations
from tests.browser.lists import top_list

pytestmark = pytest.mark.xdist_group("browser")

ROOT = Path(__file__).parents[2]
PACKED = ROOT / "web" / "dist" / "embed" / "topk-elements.tgz"
EXAMPLE = ROOT / "examples" / "host-react"
ENVIRONMENT = tools.environment(os.environ)
WRONG = """import { TopSongs } from "@topk/elements/react";
export const wrong = <TopSongs api={7} />;
document.querySelector("top-songs")?.addEventListener("top-songs-load", (event) => {
  const songs: string = event.detail.songs;
  console.log(songs);
});
"""


def run(folder: Path, *command: str) -> str:
    """Output of `command`, which has to succeed."""
    done = ran(folder, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The React example with the package, from the cache that set-up fills."""
    folder = tmp_path_factory.mktemp("host") / "app"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", str(PACKED))
    return folder


@pytest.fixture(scope="module")
def host(app: Path) -> Iterator[Double]:
    """The built example, behind a host on whose server Ada is signed in."""
    run(app, "npm", "run", "build")
    with served(app / "dist") as double:
        yield double


def test_the_types_hold(app: Path) -> None:
    run(app, "npm", "run", "check")
    (app / "src" / "wrong.tsx").write_text(WRONG, encoding="utf-8")
    refused = ran(app, "npm", "run", "check")
    (app / "src" / "wrong.tsx").unlink()
    assert refused.returncode != 0
    assert "src/wrong.tsx(2,32)" in refused.stdout
    assert "src/wrong.tsx(4,9)" in refused.stdout


def test_the_elements_work_in_react(host: Double, page: Page) -> None:
    people = {"ada": "Ada Lindqvist", "ben": "Ben Okafor"}
    host.answer("GET /config.json", {"api": host.address, "people": people, "user": "ada"})
    host.answer("GET /session/token", {"token": "not-a-real-token"})
    host.answer("GET /v1/me/top", top_list(2))
    host.answer("GET /v1/users/ben/top", top_list(3, user_id="ben"))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{host.address}/index.html")
    expect(page.get_by_role("heading", name="Ben Okafor’s week")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(5)
    assert host.calls("GET /v1/users/ben/top")[0].token == "not-a-real-token"
    assert errors == []
    assert violations(page) == []


def test_the_stable_address_works_in_plain_html(page: Page) -> None:
    with served(ROOT / "web" / "dist") as server:
        server.answer("GET /v1/public/users/ada/top", top_list(3))
        html = (
            '<!doctype html><html lang="en"><title>Plain</title><h1>Plain</h1>'
            '<script type="module" src="/embed/v1/top-songs.js"></script>'
            f'<top-songs api="{server.address}" user="ada"></top-songs></html>'
        )
        page.goto(server.page("/plain", html))
        expect(page.get_by_role("listitem")).to_have_count(3)


def test_a_public_list_in_a_frame(page: Page) -> None:
    with served(ROOT / "web" / "dist") as server:
        server.answer("GET /config.json", {"api": server.address})
        server.answer("GET /v1/public/users/ada/top", top_list(3))
        server.answer("GET /v1/public/users/bo/top", {}, status=404)
        frames = "".join(
            f'<iframe title="{user}" src="/embed/v1/list.html?user={user}&lang=de"></iframe>'
            for user in ("ada", "bo")
        )
        page.goto(server.page("/host", f'<!doctype html><html lang="en"><title>H</title>{frames}'))
        shown = page.frame_locator("iframe").first
        expect(shown.get_by_role("listitem")).to_have_count(3)
        expect(shown.get_by_role("heading", level=1)).to_have_text("Diese Woche am meisten gehört")
        hidden = page.frame_locator("iframe").nth(1)
        expect(hidden.get_by_text("Diese Liste ist nicht verfügbar.")).to_be_visible()


def test_the_manifest_describes_what_the_guide_does() -> None:
    manifest = json.loads((ROOT / "web" / "elements" / "custom-elements.json").read_text())
    declared = {
        one["tagName"]: one
        for module in manifest["modules"]
        for one in module["declarations"]
        if one.get("tagName")
    }
    guide = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
    assert len(declared) == 8
    assert {name for name in declared if f"`<{name}>`" not in guide} == set()
    widget = declared["top-songs"]
    attributes = {one["name"] for one in widget["attributes"]}
    assert {"api", "user", "signed-in", "with-switch", "share-href"} <= attributes
    assert {one for one in attributes if f"`{one}`" not in guide} == set()
    events = {one["name"] for one in widget["events"]}
    assert events == {f"top-songs-{name}" for name in ("load", "select", "state", "error")}
