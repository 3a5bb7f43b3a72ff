"""Numbers with units in documents, outside generated blocks and code."""

import re
from collections.abc import Iterator

from cli.studies.figures.pages import without_blocks

_UNIT = (
    r"µs|us|ms|s|seconds?|minutes?|min|hours?|h|days?|weeks?|months?|years?"
    r"|bytes?|KB|MB|GB|TB|KiB|MiB|GiB|bits?|pixels|vCPU"
    r"|%|write units?|read units?|units?|(?:\w+ )?(?:a|per) second|million|billion"
)
_NUMBER = re.compile(
    rf"\$\s?\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:million|billion|[MB]\b))?"
    rf"|(?<![\w.])\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?[MB]\b(?!\w)|\s?(?:{_UNIT})(?![\w-]))"
)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\([^)]*\)")


def numbers(text: str) -> Iterator[str]:
    """Each number with its unit in the document's own words, such as `15 minutes` or `$3`."""
    for pattern in (_FENCED, _SPAN, _LINK):
        text = pattern.sub(" ", without_blocks(text))
    for found in _NUMBER.finditer(text):
        yield " ".join(found.group().split())
