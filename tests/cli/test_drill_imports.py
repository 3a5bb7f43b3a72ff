"""Each format's generated history, imported by the product and compared with its truth."""

from pathlib import Path

import pytest

from cli.studies.imports.memory import measure
from cli.studies.imports.run import KEPT_DAYS, NOON, compare
from simulator.histories.downloads import download
from simulator.histories.fates import Fate
from simulator.histories.formats import WRITERS
from simulator.histories.writer import Writer


@pytest.mark.parametrize("writer", WRITERS, ids=lambda one: one.file_name.rpartition("/")[2])
def test_receipt_and_list_are_exact(writer: Writer) -> None:
    given = download(writer, 1500, until=NOON, kept_days=KEPT_DAYS)
    assert {Fate.NEW, Fate.KNOWN, Fate.UNREADABLE} <= given.fates.keys()
    found = compare(given)
    assert found.holds, found


def test_a_large_file_is_measured(tmp_path: Path) -> None:
    found = measure("lastfm_plain_csv", 200_000, tmp_path)
    assert found["adds_up"]
