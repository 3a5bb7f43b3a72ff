"""The outcome of an invocation, and whether two outcomes are equal.

Some values in responses and rows are random: identifiers, sealed tokens, a `state`. Only what is
equal in two runs in one process is required of a run elsewhere.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cli.sandbox.snapshot import Snapshot, changes


def outcome(answer: Any, before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """The response, and the changes by place, kind of change and key of the row."""
    changed: dict[str, dict[str, dict[str, str]]] = {}
    for place, key, what, how in changes(before, after):
        changed.setdefault(place, {}).setdefault(what, {})[key] = how
    counts = {
        f"{what} in {place}": len(rows)
        for place, kinds in changed.items()
        for what, rows in kinds.items()
    }
    return {"answer": _brief(answer), "counts": counts, "changed": changed}


def as_in_process(found: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome in process; for a function that raised, only the exception."""
    answer = found["answer"]
    raised = isinstance(answer, Mapping) and "errorType" in answer
    return {"answer": answer} if raised else dict(found)


def failed(kind: str) -> dict[str, Any]:
    """The response of a function that raised an exception of `kind`."""
    return {"errorType": kind}


def _brief(answer: Any) -> Any:
    if isinstance(answer, Mapping) and "errorType" in answer:
        return failed(str(answer["errorType"]).rpartition(".")[2])
    if isinstance(answer, Mapping) and isinstance(answer.get("body"), str):
        with suppress(ValueError):
            return {**answer, "body": _unsigned(json.loads(answer["body"]))}
    return answer


def _unsigned(body: Any) -> Any:
    """Of a signed form only the names of its fields: it is for one endpoint and one access key."""
    if not (isinstance(body, Mapping) and "upload" in body):
        return body
    return {**body, "upload": [field["name"] for field in body["upload"]["fields"]]}


def differences(one: Any, other: Any, found: Any, where: str = "") -> list[str]:
    """Where `found` differs from what `one` and `other` have in common."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and isinstance(found, Mapping):
        return _of_mappings(one, other, found, where)
    if isinstance(one, list) and isinstance(other, list) and isinstance(found, list):
        if len(one) == len(other) != len(found):
            return [f"{where}: {len(found)} instead of {len(one)}"]
        three = enumerate(zip(one, other, found, strict=False))
        return [line for at, each in three for line in differences(*each, f"{where}[{at}]")]
    if one == other and one != found:
        return [f"{where}: {found!r:.200} instead of {one!r:.200}"]
    return []


def _of_mappings(
    one: Mapping[str, Any], other: Mapping[str, Any], found: Mapping[str, Any], where: str
) -> list[str]:
    agreed = one.keys() & other.keys()
    lines = [f"{where}.{key} is missing" for key in sorted(agreed - found.keys())]
    if one.keys() == other.keys():
        lines += [
            f"{where}.{key} is more than there should be" for key in sorted(found.keys() - agreed)
        ]
    for key in sorted(agreed & found.keys()):
        lines += differences(one[key], other[key], found[key], f"{where}.{key}")
    return lines
