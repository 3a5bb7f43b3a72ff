"""Time of the 404 for a hidden list and for an unknown user."""

import time
from statistics import median, quantiles
from typing import Any

from cli.studies.access.observe import NOBODY, Apis, Cast

TIMES = 300


def measured(apis: Apis, cast: Cast, *, times: int = TIMES) -> dict[str, Any]:
    """CPU milliseconds of requests for a private list and for an unknown user, alternating.

    Includes the function and the simulated tables.
    """
    owner, viewer = cast.owner, cast.viewer
    apis.call(owner.tenant, "PATCH", "/v1/me", bearer=owner, body={"visibility": "private"})
    took: dict[str, list[float]] = {owner.name: [], NOBODY: []}
    for _ in range(times):
        for name, found in took.items():
            began = time.process_time()
            apis.call(viewer.tenant, "GET", f"/v1/users/{name}/top", bearer=viewer)
            found.append((time.process_time() - began) * 1000)
    hidden, nobody = took.values()
    lower, _, upper = quantiles(nobody, n=4)
    return {
        "requests_each": times,
        "may_not_see_median_ms": round(median(hidden), 3),
        "does_not_exist_median_ms": round(median(nobody), 3),
        "does_not_exist_quartiles_ms": [round(lower, 3), round(upper, 3)],
    }
