"""The reader's test draws whole sentences, the same ones for the same seed."""

from tests.docs.reading_sample import everything, of_markdown, of_python, sample


def test_sentences_of_a_document_leave_out_headings_tables_and_code() -> None:
    text = (
        "# A heading of more than five words\n\nA crawl reads one account at once. It writes one "
        "chunk of\nnew plays.\n\n- A list item with enough words in it.\n\n"
        "| a | table | of | many | cells |\n|---|---|\n\n    code that is indented by four spaces\n"
        "\n```\nanother code block with words in it\n```\n"
    )
    assert list(of_markdown(text)) == [
        "A crawl reads one account at once.",
        "It writes one chunk of new plays.",
        "A list item with enough words in it.",
    ]


def test_sentences_of_a_module_are_those_of_its_docstrings() -> None:
    source = '''"""What a module is made for."""

def f():
    """Short one.

    It has a second one."""
'''
    assert list(of_python(source)) == ["What a module is made for.", "It has a second one."]


def test_every_kind_of_text_can_be_drawn() -> None:
    places = {place for place, _ in everything()}
    assert {
        "README.md",
        "docs/design.md",
        "functions/account/openapi.json",
        "topk --help",
    } <= places
    assert any(place.startswith("layers/") for place in places)


def test_a_seed_draws_the_same_sentences() -> None:
    found = [("a.md", f"This is sentence number {number}.") for number in range(100)]
    assert sample(found, "abc", 20) == sample(found, "abc", 20)
    assert sample(found, "abc", 20) != sample(found, "abd", 20)
    assert len(sample(found, "abc", 20)) == 20
    assert len(sample(found[:3], "abc", 20)) == 3
