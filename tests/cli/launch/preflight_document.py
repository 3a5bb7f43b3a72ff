"""docs/preflight.md, from the faults that preflight's tests make.

`.venv/bin/python -m tests.cli.launch.preflight_document` updates it.
"""

from cli import tools
from tests.cli.launch.test_preflight import FAULTS, found_without_faults
from tests.synthesis import ROOT

PLACE = ROOT / "docs" / "preflight.md"
_HEAD = """\
# What preflight finds

`make preflight STAGE=staging` changes nothing, and exits with 1 while anything is to be done. These
are its answers in tests: at an account with one fault each, where everything else passes, and with
small templates in place of the stage's own, whose sizes and needs [quotas.md](quotas.md) has.
"""


def document() -> str:
    passed = found_without_faults()
    return "".join(
        (
            _HEAD,
            "\n## Faults\n\n| fault | check | to do |\n|---|---|---|\n",
            *(
                f"| {fault} | `{check}` | `{todo}` |\n"
                for fault, (*_, check, todo) in FAULTS.items()
            ),
            "\n## Without faults\n\n| check | found |\n|---|---|\n",
            *(f"| `{one.check}` | `{one.result}` |\n" for one in passed),
        )
    )


if __name__ == "__main__":
    tools.use()
    PLACE.write_text(document(), encoding="utf-8")
