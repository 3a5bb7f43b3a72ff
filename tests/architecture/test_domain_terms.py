"""The domain names nothing of HTTP: neither in code nor in docstrings and comments."""

import re
from pathlib import Path

import pytest

from tests.synthesis import ROOT

DOMAIN = ROOT / "layers/core/python/topk/domain"
OF_HTTP = re.compile(
    r"https?|status_?code|\b[1-5]xx\b|\b(?:40\d|41[0-7]|42[2-9]|451|50[1-4])\b|problem document",
    re.IGNORECASE,
)
STATUS_OF_AN_ERROR = re.compile(r"\bstatus\b", re.IGNORECASE)


def http_terms(text: str) -> list[str]:
    return [found.group() for found in OF_HTTP.finditer(text)]


@pytest.mark.parametrize("path", sorted(DOMAIN.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_domain_names_http(path: Path) -> None:
    assert http_terms(path.read_text(encoding="utf-8")) == []


def test_errors_carry_no_status() -> None:
    text = (DOMAIN / "errors.py").read_text(encoding="utf-8")
    assert STATUS_OF_AN_ERROR.findall(text) == []


@pytest.mark.parametrize(
    "text", ["HTTP", "an https:// address", "status_code", "429", "a 5xx", "(404)"]
)
def test_terms_of_http_are_found(text: str) -> None:
    assert http_terms(text) != []
