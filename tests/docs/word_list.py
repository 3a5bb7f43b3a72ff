"""Words that make a reader stop, kept out of everything people read.

`.venv/bin/python -m tests.docs.word_list` prints each use with its place and exits with 1 if there
is one. It reads documents, docstrings, comments, messages, test names, command line help, the API
description, the sources of the pages and the scripts. Code in Markdown and Python's identifiers are
not read.
"""

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

# Pattern -> what to write instead.
WORDS = {
    r"heed(?:s|ed|ing)?": "respect, apply",
    r"anew": "again",
    r"whom it may concern": "the owner",
    r"whom": "who, or name the noun",
    r"whomever|whosoever|whatsoever": "name the noun",
    r"whereabouts": "outputs, addresses",
    r"hitherto|heretofore|henceforth|forthwith": "until now, from now on",
    r"whence|whither|thither|thereof|therein|thereby|wherein": "from where, in it",
    r"one's|oneself": "the user's",
    r"who looks|who asks|who calls|whoever calls|whoever looks": "viewer, caller",
    r"ails?|ailing": "fails",
    r"upon": "on",
    r"dwell(?:s|ing)?": "stay",
    r"bears?|borne|bore|bearing": "carry, have",
    r"told|tells? of|telling of": "reported, sent",
    r"heard": "played",
    r"reckon(?:s|ed|ing)?": "compute",
    r"mend(?:s|ed|ing)?": "fix",
    r"befalls?|befell": "happen to",
    r"lest": "so that not",
    r"entomb(?:s|ed)?|bur(?:y|ied|ies)": "mark as erased, dead-letter",
    r"begot(?:ten)?|begets?": "create",
    r"errands?": "operation",
    r"nought|naught": "nothing",
    r"(?:is|are|was|were) given way": "the other writer wins",
    r"gives? way|makes? way": "is removed",
    r"overtaken": "lost the version race",
    r"to the letter": "exactly",
    r"a thing of": "part of",
    r"in the manner of": "like",
    r"as it lies": "unchanged",
    r"(?:it|that|this) is so": "is already the case",
    r"no more than needs": "as little as needed",
    r"comes? to pass": "happens",
    r"unasked|asked of it": "not requested",
    r"nobody else's|nobody's": "name the noun",
    r"tidings|betimes|aforesaid|alas|ere|nay|thus far": "a common word",
    r"makes? (?:a |the )?lists? (?:again|new)": "rebuild",
    r"hangs? up": "close",
    r"knock(?:s|ed|ing)? at": "call",
    r"a little while|a good while": "a moment",
    r"what (?:is|was) chosen": "settings",
    r"who (?:is|was) erased": "erased users",
    r"at its door|at the door": "at the gateway",
    r"in sight": "visible",
    r"goes on|went on": "continue",
    r"over and done": "finished",
    r"takes? heart|take care of": "handle",
}
_PATTERN = re.compile(
    "|".join(rf"(?P<w{number}>\b(?:{word})\b)" for number, word in enumerate(WORDS)), re.IGNORECASE
)
_INSTEAD = list(WORDS.values())

_CODE_FOLDERS = ("cli", "functions", "infra_cdk", "layers", "simulator", "tests")
_DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs")
_SCRIPTS = (".ci/*", "requirements/*.sh", "web/*.js", "web/site/**/*.html", "web/src/**/*.ts")
_ABOUT_WORDS = ("word_list.py", "test_word_list.py")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a word of the list. `line` counts from 1."""

    path: str
    line: int
    word: str
    instead: str


def uses(text: str, path: str, first_line: int = 1) -> Iterator[Use]:
    """Every use in the text, whose first line is `first_line` of the file."""
    for found in _PATTERN.finditer(text):
        line = first_line + text.count("\n", 0, found.start())
        assert found.lastgroup is not None
        yield Use(path, line, found.group(), _INSTEAD[int(found.lastgroup[1:])])


def in_markdown(text: str, path: str) -> Iterator[Use]:
    """Uses outside code blocks and code spans."""
    without_code = _SPAN.sub("", _FENCED.sub(lambda code: "\n" * code.group().count("\n"), text))
    return uses(without_code, path)


def in_python(source: str, path: str) -> Iterator[Use]:
    """Uses in docstrings, comments, strings of several words, and names of tests."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from uses(token.string, path, token.start[0])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from uses(node.value, path, node.lineno)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from uses(node.name.replace("_", " "), path, node.lineno)


def in_description(source: str, path: str) -> Iterator[Use]:
    """Uses in the titles, summaries and descriptions of an OpenAPI document."""
    for text in _texts(json.loads(source)):
        yield from uses(text, path, source[: source.find(json.dumps(text)) + 1].count("\n") + 1)


def in_makefile(text: str, path: str) -> Iterator[Use]:
    """Uses in the help of targets and in comments."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from uses(line.partition("#")[2], path, number)


def everywhere() -> Iterator[Use]:
    """Uses in the files of this checkout."""
    for document in _DOCUMENTS:
        place = ROOT / document
        for path in [place] if place.is_file() else sorted(place.rglob("*.md")):
            yield from in_markdown(path.read_text(encoding="utf-8"), _name(path))
    for folder in _CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name not in _ABOUT_WORDS:
                yield from in_python(path.read_text(encoding="utf-8"), _name(path))
    for pattern in _SCRIPTS:
        for path in sorted(ROOT.glob(pattern)):
            yield from uses(path.read_text(encoding="utf-8"), _name(path))
    api = ROOT / "functions" / "account" / "openapi.json"
    yield from in_description(api.read_text(encoding="utf-8"), _name(api))
    makefile = ROOT / "Makefile"
    yield from in_makefile(makefile.read_text(encoding="utf-8"), _name(makefile))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"title", "summary", "description"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def main() -> int:
    found = list(everywhere())
    for use in found:
        sys.stdout.write(f"{use.path}:{use.line}: {use.word!r}: write {use.instead}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
