"""Sentences for a reader's test: do they read as a native engineer would write them?

`.venv/bin/python -m tests.docs.reading_sample` prints twenty sentences of documents, docstrings,
command line help and the API description, drawn with the last commit's hash as seed. `--seed` takes
another seed, `--count` another number.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import typer

ROOT = Path(__file__).parents[2]
_FOLDERS = ("cli", "functions", "infra_cdk", "layers", "simulator", "tests")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"])")
_LEAST_WORDS = 5


def sentences(text: str) -> Iterator[str]:
    """The sentences of prose, without headings, tables, lists' marks and short fragments."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) )|\n(?=\|)", text):
        if paragraph.lstrip().startswith(("#", "|", "<!--", "![")):
            continue
        flat = " ".join(re.sub(r"^\s*(?:[-*]|\d+\.) ", "", paragraph).split())
        for sentence in _SENTENCE.split(flat):
            if len(sentence.split()) >= _LEAST_WORDS:
                yield sentence


def of_markdown(text: str) -> Iterator[str]:
    """Sentences outside code blocks."""
    return sentences(_INDENTED.sub("", _FENCED.sub("", text)))


def of_python(source: str) -> Iterator[str]:
    """Sentences of the docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented):
            yield from sentences(ast.get_docstring(node) or "")


def of_description(node: Any) -> Iterator[str]:
    """Sentences of the titles, summaries and descriptions of an OpenAPI document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"title", "summary", "description"} and isinstance(value, str):
                yield from sentences(value)
            else:
                yield from of_description(value)
    elif isinstance(node, list):
        for value in node:
            yield from of_description(value)


def of_help() -> Iterator[str]:
    """Sentences of the command line's help."""
    from cli.main import app

    def walk(command: Any) -> Iterator[str]:
        yield from sentences(command.help or "")
        for parameter in command.params:
            yield from sentences(getattr(parameter, "help", None) or "")
        for below in getattr(command, "commands", {}).values():
            yield from walk(below)

    return walk(typer.main.get_command(app))


def everything() -> list[tuple[str, str]]:
    """Place and sentence, in a fixed order, each sentence once."""
    found: dict[str, str] = {}
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for path in sorted(documents):
        for sentence in of_markdown(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, _name(path))
    for path in sorted(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for sentence in of_python(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, _name(path))
    api = ROOT / "functions" / "account" / "openapi.json"
    for sentence in of_description(json.loads(api.read_text(encoding="utf-8"))):
        found.setdefault(sentence, _name(api))
    for sentence in of_help():
        found.setdefault(sentence, "topk --help")
    return [(place, sentence) for sentence, place in found.items()]


def sample(found: list[tuple[str, str]], seed: str, count: int) -> list[tuple[str, str]]:
    """`count` of them, or all if there are fewer. The same seed draws the same ones."""
    return Random(seed).sample(found, min(count, len(found)))


def _last_commit() -> str:
    command = ["git", "rev-parse", "HEAD"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", help="any text; the last commit's hash by default")
    parser.add_argument("--count", type=int, default=20)
    asked = parser.parse_args()
    for place, sentence in sample(everything(), asked.seed or _last_commit(), asked.count):
        sys.stdout.write(f"{place}\n    {sentence}\n")


if __name__ == "__main__":
    main()
