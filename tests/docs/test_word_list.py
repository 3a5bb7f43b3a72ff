"""The word list finds its words in what people read, and only there."""

import json

import pytest

from tests.docs.word_list import (
    in_description,
    in_makefile,
    in_markdown,
    in_python,
    main,
)


def test_nothing_uses_a_word_of_the_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lists are made anew.", ["anew"]),
        ("The cost that a queue\nbears is told.", ["bears", "told"]),
        ("A Bearer token, the rebuilt list, the user's own.", []),
        ("`told` in code, and\n```\ntold\n```\n", []),
        ("One's own list, as WHOEVER LOOKS sees it.", ["One's", "WHOEVER LOOKS"]),
    ],
)
def test_markdown_is_read_without_its_code(text: str, found: list[str]) -> None:
    assert [use.word for use in in_markdown(text, "page.md")] == found


def test_python_is_read_in_docstrings_comments_messages_and_test_names() -> None:
    source = '''"""Told first."""
told = {"told": 1}  # heeded


def test_whom_nobody_knows() -> None:
    raise ValueError("this was reckoned")
'''
    uses = list(in_python(source, "module.py"))
    assert sorted((use.line, use.word.lower()) for use in uses) == [
        (1, "told"),
        (2, "heeded"),
        (5, "whom"),
        (6, "reckoned"),
    ]


def test_the_api_description_is_read_in_its_titles_and_descriptions() -> None:
    document = {"info": {"title": "Lists made anew"}, "told": {"description": "Plain."}}
    assert [use.word for use in in_description(json.dumps(document, indent=2), "x.json")] == [
        "anew"
    ]


def test_the_makefile_is_read_in_its_help() -> None:
    text = "told: anew ## lists made anew\n\t@echo anew\n"
    assert [(use.line, use.word) for use in in_makefile(text, "Makefile")] == [(1, "anew")]
