"""The build of the web pages, in whatever folder the checkout is."""

import os
import shutil
import subprocess
from pathlib import Path

from cli import tools
from simulator.emulator.process import ROOT

WEB = ROOT / "web"


def test_the_build_works_in_a_folder_with_a_space_and_an_accent(tmp_path: Path) -> None:
    web = tmp_path / "my proj é" / "web"
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("node_modules", "dist", "lighthouse"))
    (web / "node_modules").symlink_to(WEB / "node_modules")
    done = subprocess.run(
        [tools.node(), "build.js"],
        cwd=web,
        env=tools.environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    built = {path.relative_to(web / "dist") for path in (web / "dist").rglob("*")}
    assert built >= {Path("integrity.json"), Path("index.html"), Path("embed/top-songs.js")}
