"""Fixes of the sizes of IAM's policies.

Limits: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
White space does not count.
"""

import json
from collections.abc import Callable
from typing import Any

from simulator.emulator.limits.refusals import Members, Refusal, refuse_resources
from simulator.emulator.splice import Part, around, emulated, part

MANAGED, INLINE, TRUST = 6_144, 10_240, 2_048
"""Characters of a managed policy, of a role's inline policies together, of a trust policy."""

# A request names its document differently for each action.
_DOCUMENTS = {
    "CreatePolicy": "PolicyDocument",
    "CreatePolicyVersion": "PolicyDocument",
    "CreateRole": "AssumeRolePolicyDocument",
    "UpdateAssumeRolePolicy": "PolicyDocument",
}


def refuse_large_managed_policies() -> None:
    """Fault: a managed policy may have any size."""

    def check(document: Any) -> Refusal | None:
        return _over("Cannot exceed quota for PolicySize: 6144", size(document), MANAGED)

    _refuse_calls("CreatePolicy", check)
    _refuse_calls("CreatePolicyVersion", check)
    refuse_resources("AWS::IAM::ManagedPolicy", lambda props: check(props.get("PolicyDocument")))


def refuse_large_trust_policies() -> None:
    """Fault: a role's trust policy may have any size."""

    def check(document: Any) -> Refusal | None:
        return _over("Cannot exceed quota for ACLSizePerRole: 2048", size(document), TRUST)

    _refuse_calls("CreateRole", check)
    _refuse_calls("UpdateAssumeRolePolicy", check)
    refuse_resources("AWS::IAM::Role", lambda props: check(props.get("AssumeRolePolicyDocument")))


def refuse_large_inline_policies() -> None:
    """Fault: a role's inline policies may have any size together."""
    roles = part(emulated("services.iam"), "_roles")

    def check(name: str, documents: list[Any]) -> Refusal | None:
        reason = f"Maximum policy size of {INLINE} bytes exceeded for role {name}"
        return _over(reason, sum(map(size, documents)), INLINE)

    def put(request: Members) -> Refusal | None:
        name, policy = _named(request, "RoleName"), _named(request, "PolicyName")
        present = (roles.get(name) or {}).get("InlinePolicies", {})
        others = [document for key, document in present.items() if key != policy]
        return check(name, [*others, _named(request, "PolicyDocument")])

    _around("PutRolePolicy", put)
    refuse_resources(
        "AWS::IAM::Role",
        lambda props: check(
            props.get("RoleName", ""),
            [one.get("PolicyDocument") for one in props.get("Policies") or []],
        ),
    )


def size(document: Any) -> int:
    """Characters of a policy, given as JSON or decoded, without white space."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:  # The emulator refuses it.
            return 0
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _over(reason: str, measured: int, most: int) -> Refusal | None:
    return Refusal("LimitExceeded", reason, 409) if measured > most else None


def _refuse_calls(action: str, check: Callable[[Any], Refusal | None]) -> None:
    _around(action, lambda request: check(_named(request, _DOCUMENTS[action])))


def _around(action: str, check: Callable[[Members], Refusal | None]) -> None:
    service = emulated("services.iam")
    actions = part(service, "_IAM_HANDLERS")
    function = actions[action].__name__

    def call(original: Part, request: Members) -> Any:
        refusal = check(request)
        if refusal is None:
            return original(request)
        return part(service, "_error")(refusal.status, refusal.code, refusal.message, ns="iam")

    around(service, function, call)
    actions[action] = part(service, function)


def _named(request: Members, name: str) -> str:
    """A parameter of the query protocol, whose values are lists, or of a template's call."""
    value: str = part(emulated("services.iam"), "_p")(request, name)
    return value
