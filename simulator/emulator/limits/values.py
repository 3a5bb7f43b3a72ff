"""Fixes of the sizes of what KMS encrypts, Secrets Manager keeps and EventBridge carries."""

import base64
from collections.abc import Iterator

from simulator.emulator.limits.refusals import (
    Members,
    Refusal,
    constraint,
    refuse_calls,
    refuse_resources,
)
from simulator.emulator.splice import emulated, part

PLAINTEXT_BYTES, SECRET_BYTES, EVENTS_BYTES = 4096, 65_536, 1024 * 1024
TARGETS = 5


def refuse_large_plaintexts() -> None:
    """Fault: KMS encrypts any size.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
    """

    def check(request: Members) -> Refusal | None:
        size = len(base64.b64decode(request.get("Plaintext", "")))
        return _too_long("plaintext", size, PLAINTEXT_BYTES)

    refuse_calls("kms", "_encrypt", check)


def refuse_large_secrets() -> None:
    """Fault: a secret may have any size.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
    """

    def check(request: Members) -> Refusal | None:
        return _too_long(
            "secretString", len((request.get("SecretString") or "").encode()), SECRET_BYTES
        )

    for action in ("_create_secret", "_put_secret_value", "_update_secret"):
        refuse_calls("secretsmanager", action, check)
    refuse_resources("AWS::SecretsManager::Secret", check)


def refuse_large_events() -> None:
    """Fault: EventBridge takes events of any size.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
    https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
    """

    def check(request: Members) -> Refusal | None:
        if sum(map(_entry_size, request.get("Entries") or [])) <= EVENTS_BYTES:
            return None
        reason = "Total size of the entries in the request is over the limit."
        return Refusal("ValidationException", reason)

    refuse_calls("eventbridge", "_put_events", check)


def refuse_many_targets() -> None:
    """Fault: a rule may have any number of targets.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    """
    buses = emulated("services.eventbridge")

    def check(request: Members) -> Refusal | None:
        rule = part(buses, "_rule_key")(request.get("Rule"), request.get("EventBusName", "default"))
        targets = {one["Id"] for one in part(buses, "_targets").get(rule) or []}
        if len(targets | {one["Id"] for one in request.get("Targets", [])}) <= TARGETS:
            return None
        reason = "The requested resource exceeds the maximum number allowed."
        return Refusal("LimitExceededException", reason)

    refuse_calls("eventbridge", "_put_targets", check)


def _entry_size(entry: Members) -> int:
    return (14 if entry.get("Time") else 0) + sum(len(one.encode()) for one in _texts(entry))


def _texts(entry: Members) -> Iterator[str]:
    for name in ("Source", "DetailType", "Detail"):
        yield str(entry.get(name) or "")
    yield from entry.get("Resources") or []


def _too_long(member: str, size: int, most: int) -> Refusal | None:
    return constraint(member, f"length less than or equal to {most}") if size > most else None
