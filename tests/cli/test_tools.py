"""The environment of the installed tools: the packaged Node, no files outside this folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import tools
from cli.failure import CommandFailedError
from cli.main import app
from simulator.emulator.process import ROOT

OWN = {"PATH": "/usr/bin"}


def test_the_packaged_node_is_found_first() -> None:
    found = shutil.which("node", path=tools.environment(OWN)["PATH"])
    assert found is not None
    assert Path(found).resolve() == Path(tools.node()).resolve()


@pytest.mark.parametrize("inherited", [{}, {"PATH": ""}])
def test_an_empty_path_does_not_add_the_working_folder(inherited: dict[str, str]) -> None:
    assert tools.environment(inherited)["PATH"] == str(tools.BIN)


def test_caches_are_in_this_folder() -> None:
    added = {name: path for name, path in tools.environment(OWN).items() if name != "PATH"}
    assert added
    for path in added.values():
        assert Path(path).is_relative_to(ROOT)


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "UV_CACHE_DIR", "npm_config_cache", "CDK_HOME"])
def test_a_folder_chosen_by_the_user_is_kept(name: str) -> None:
    assert tools.environment({name: "/chosen"})[name] == "/chosen"


def test_the_cdk_library_writes_nothing_to_the_home_folder(tmp_path: Path) -> None:
    """It fingerprints assets and caches the results in its Node's home folder."""
    asset = tmp_path / "asset"
    asset.mkdir()
    (asset / "file").write_text("content")
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "import aws_cdk as cdk; from aws_cdk import aws_s3_assets as assets\n"
        f"stack = cdk.Stack(cdk.App(outdir={str(tmp_path / 'out')!r}))\n"
        f"assets.Asset(stack, 'Asset', path={str(asset)!r})"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=tools.environment({"HOME": str(home), "PATH": os.defpath}),
        check=True,
        capture_output=True,
    )
    assert list(home.iterdir()) == []


def test_npms_cache_is_here_unless_the_user_chose_another(tmp_path: Path) -> None:
    def cache() -> str:
        done = subprocess.run(
            ["npm", "--prefix", str(tmp_path), "config", "get", "cache"],
            env=tools.environment({"HOME": str(tmp_path), "PATH": os.defpath}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert cache() == str(tools.FILES / "cache" / "npm")
    (tmp_path / ".npmrc").write_text("cache=/chosen\n")
    assert cache() == "/chosen"


def test_a_missing_node_gives_instructions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools, "NODE", tmp_path / "node")
    with pytest.raises(CommandFailedError, match=r"^Node\.js is not installed; run `make setup`$"):
        tools.cdk()


def test_the_cdk_gets_every_argument_and_its_exit_code_is_returned() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli.start", "cdk", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout[:1]) == (0, "2")
    assert CliRunner().invoke(app, ["cdk", "no-such-command"]).exit_code != 0
