"""docs/preflight.md shows every fault and what preflight says."""

from tests.cli.launch.preflight_document import PLACE, document


def test_the_document_is_up_to_date() -> None:
    written = PLACE.read_text(encoding="utf-8")
    assert written == document(), (
        "update it with .venv/bin/python -m tests.cli.launch.preflight_document"
    )
