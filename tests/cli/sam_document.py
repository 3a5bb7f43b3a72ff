"""docs/sam.md: SAM's command line with this service.

`.venv/bin/python -m tests.cli.sam_document` updates it.
"""

import shlex
from collections.abc import Iterator
from pathlib import Path

from cli import tools
from cli.commands.run.replay import FUNCTIONS
from cli.studies.sam.by_hand import invoke, start_api
from infra_cdk import outputs
from tests.synthesis import ROOT, synthesis

PLACE = ROOT / "docs" / "sam.md"
_HEAD = """\
# Functions under SAM

`topk sam` (`make sam`) runs every fixture in Lambda's runtime by itself and compares the results.
This page is for typing SAM's own commands, with Docker, against the running local stack:

    make up
    make sam
    make sam-env
    export PATH="$PWD/.topk/sam-venv/bin:$PATH"

`make sam` installs SAM. `make sam-env` writes `out/sam`: the template of the stage `staging` with
the functions' code, and `env.json` with every variable of every function, named as the running
stack names its tables, queues and secrets. SAM fills in no name that CloudFormation would. Then it
lists a command for each fixture in `events/`. Run it again after `make up` or a change of code.

The functions call the stack's AWS under `host.docker.internal`. Docker Desktop leads that name to
this machine. On Linux it leads to Docker's bridge, where the emulator does not listen: there, use
`topk replay`, or `topk sam`, which starts its own AWS on the bridge. If the stack does not have a
fixture's user, the response is that for an unknown user.

## One command for each function
"""
_TAIL = """
## The API

{start_api}

serves the routes at `http://127.0.0.1:3000`. SAM checks no token, so that routes for users respond
401 or 403; routes for anybody respond as deployed.
"""


def document() -> str:
    parts = [_HEAD]
    for name, command in commands().items():
        parts.append(f"{name}:\n\n    {shlex.join(command)}\n")
    return "\n".join(parts) + _TAIL.format(start_api=f"    {shlex.join(start_api())}")


def commands() -> dict[str, list[str]]:
    """By function: the command for its first fixture."""
    template = synthesis("aws").templates[outputs.stateless_stack("staging")]
    return {
        name: invoke(template["Outputs"][outputs.function(name)]["Value"]["Ref"], fixture)
        for name, fixture in _first_fixtures()
    }


def _first_fixtures() -> Iterator[tuple[str, Path]]:
    for name in FUNCTIONS:
        first = min((ROOT / "events" / name).glob("*.json"))
        yield name, first.relative_to(ROOT)


if __name__ == "__main__":
    tools.use()
    PLACE.write_text(document(), encoding="utf-8")
