"""docs/aws-differences.md lists every difference that the code knows."""

from tests.docs.aws_differences import HOUSEKEEPING, PAGE, fixes, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "update it with .venv/bin/python -m tests.docs.aws_differences"
    )


def test_each_fix_of_the_emulator_describes_its_fault() -> None:
    found = dict(fixes())
    assert len(found) > 10
    assert {name for name, fault in found.items() if not fault} == HOUSEKEEPING
