"""The rows of a CSV file of any size."""

import csv
from collections.abc import Iterator
from itertools import chain

from topk.domain.imports.reading import Fault, FileFaultError
from topk.domain.limits import LARGEST_RECORD
from topk.providers.histories.text import split

_SEPARATORS = ",;\t"

csv.field_size_limit(LARGEST_RECORD)


def rows(texts: Iterator[str]) -> Iterator[list[str]]:
    """Each row that has a field with content. Any of the usual line ends and separators.

    Raises FileFaultError for a row above LARGEST_RECORD.
    """
    lines = _lines(texts)
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    try:
        for row in csv.reader(chain((first,), lines), delimiter=separator):
            if any(field.strip() for field in row):
                yield row
    except csv.Error:
        raise FileFaultError(Fault.TOO_LARGE) from None


def _lines(texts: Iterator[str]) -> Iterator[str]:
    """Lines with their ends, as the reader of CSV wants them."""
    if (first := next(texts, None)) is None:
        return
    mark = "\n" if "\n" in first or "\r" not in first else "\r"
    for line in split(chain((first,), texts), mark):
        yield f"{line}\n"
