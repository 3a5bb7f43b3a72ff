"""Decision records have a fixed form, and the index lists each of them."""

import re
from pathlib import Path

import pytest

from tests.docs.adr_index import FOLDER, PAGE, SECTIONS, parse, records, render

FILES = sorted(FOLDER.glob("[0-9]*.md"))


def test_the_index_lists_every_record() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(records())


def test_records_are_numbered_without_gaps() -> None:
    assert [record.number for record in records()] == [
        f"{number:04d}" for number in range(1, len(FILES) + 1)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:4])
def test_a_record_has_its_sections_and_a_matching_file_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    record = parse(path)
    slug = "-".join(re.findall(r"[a-z0-9]+", record.title.lower().replace("'", "")))
    assert path.name == f"{record.number}-{slug}.md"
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    assert tuple(parts[1::2]) == SECTIONS
    assert all(len(part.split()) > 5 for part in parts[2::2])


def test_a_superseded_record_names_a_later_record_that_exists() -> None:
    known = {record.number for record in records()}
    for record in records():
        if record.successor:
            assert record.successor in known
            assert record.successor > record.number


def test_a_malformed_header_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "0001-x.md"
    page.write_text("# 1. X\n\n- Status: maybe\n")
    with pytest.raises(ValueError, match=r"0001-x\.md"):
        parse(page)
