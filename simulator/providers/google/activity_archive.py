"""An archive of Google activity: a zip with one file of records per product."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from simulator.listeners.unreadable import halved

_FOLDER = "Portability/My Activity"
_OVERVIEW = "Portability/archive_browser.html"
_PRODUCTS = ("YouTube", "YouTube Music")


def packed(records: Sequence[dict[str, Any]]) -> bytes:
    """The records in the given order, each in the file of its product."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(_OVERVIEW), "<!doctype html><title>Archive</title>")
        for product in _PRODUCTS:
            found = [record for record in records if record["header"] == product]
            name = f"{_FOLDER}/{product}/MyActivity.json"
            archive.writestr(_entry(name), halved(json.dumps(found, ensure_ascii=False).encode()))
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """A zip entry with a fixed date, so that the same records give the same archive."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
