"""Licences of what is shipped, from the metadata of the installed packages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

SHIPPED = ("data", "providers", "card", "archive")
"""Groups of requirements in the layers of functions."""
ALLOWED = frozenset(
    (
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
    )
)
"""SPDX ids. MPL-2.0 applies to files of the package, which are shipped unchanged."""
_CLASSIFIERS: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
READ: Mapping[str, str] = {"httpx-aiohttp": "BSD-3-Clause", "resvg-py": "MIT"}
"""Packages whose metadata names no licence, and what their LICENSE file is."""
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Shipped:
    """A package and its licence: an SPDX expression, or empty if it is unknown."""

    name: str
    version: str
    licence: str

    @property
    def allowed(self) -> bool:
        """Whether each part of `A AND B`, and one of `A OR B`, is allowed."""
        every = (part.split(" OR ") for part in self.licence.split(" AND "))
        return all(any(one.strip(" ()") in ALLOWED for one in choice) for choice in every)


def shipped(requirements: Path) -> list[Shipped]:
    """Every package in the locks of SHIPPED that is installed here.

    Packages for other platforms are not installed, and not in a layer either.
    """
    return sorted({one for group in SHIPPED for one in _of_lock(requirements / f"{group}.txt")})


def _of_lock(lock: Path) -> Iterator[Shipped]:
    for name, version in _PIN.findall(lock.read_text(encoding="utf-8")):
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        yield Shipped(name, version, licence_of(name, found))


def licence_of(name: str, found: metadata.PackageMetadata) -> str:
    """The SPDX expression in a package's metadata (PEP 639), from its classifiers, or as READ."""
    if "License-Expression" in found:
        return found["License-Expression"]
    if "License" in found and found["License"] in ALLOWED:
        return found["License"]
    classifiers = (str(one) for one in found.get_all("Classifier") or ())
    names = (one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License"))
    return " OR ".join(filter(None, map(_CLASSIFIERS.get, names))) or READ.get(name, "")
