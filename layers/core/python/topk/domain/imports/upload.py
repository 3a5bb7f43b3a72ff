"""An uploaded file, and where to upload it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where a browser posts a form with `fields` and the file, for `expires_in` seconds."""

    url: str
    fields: Mapping[str, str]
    expires_in: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A seekable `file`, and what identifies its content."""

    file: BinaryIO
    etag: str
