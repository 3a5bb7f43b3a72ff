"""The tenants of a deployment, from a file in a layer.

The environment of a function holds 4 KB, which a dozen tenants would fill. The file is found as a
module would be: on Lambda beside our packages in /opt/python.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Tenant(msgspec.Struct, frozen=True):
    """A host app: whose tokens its users bring, and where browsers may be sent back to.

    `providers` are those its users may connect. `apps` names the providers where it has an app of
    its own, each with the fields of that app's Budget; none where it is the provider's. Changes of
    its users' lists are told on `event_bus`, where there is one.
    """

    name: str
    issuer: str
    audience: str
    return_urls: tuple[str, ...]
    providers: tuple[str, ...]
    apps: Mapping[str, Mapping[str, float]] = {}
    connections_per_user: int = 10
    event_bus: str = ""


def read_tenants(file: str) -> tuple[Tenant, ...]:
    """Those in `file`: an absolute path, or one below a folder of sys.path; none where it is empty.

    Raises FileNotFoundError or ValueError for a deployment that is not one of ours.
    """
    if not file:
        return ()
    for folder in sys.path:
        path = Path(folder, file)
        if path.is_file():
            declared = msgspec.json.decode(path.read_bytes())
            return msgspec.convert(
                [{"name": name, **given} for name, given in declared.items()],
                tuple[Tenant, ...],
            )
    raise FileNotFoundError(file)
