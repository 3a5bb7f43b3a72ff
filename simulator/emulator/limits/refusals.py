"""What the fixes of limits share: an API's refusal, and one check for API and templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.emulator.splice import Part, around, around_resource, emulated

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is the error code of the service's model."""

    code: str
    message: str
    status: int = 400

    @property
    def answer(self) -> Any:
        """The response of a service with a JSON protocol."""
        json = emulated("core.responses").error_response_json
        return json(self.code, self.message, self.status)


Check = Callable[[Members], Refusal | None]


def constraint(member: str, rule: str) -> Refusal:
    """A request that breaks a constraint of the service's model, as AWS words it."""
    return Refusal(
        "ValidationException",
        f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        f"Member must have {rule}",
    )


def refuse_calls(service: str, action: str, check: Check) -> None:
    """Answer the refusal of `check`, which gets the request's members, instead of `action`."""

    def call(original: Part, *args: Any, **kwargs: Any) -> Any:
        refusal = check(args[-1])
        return refusal.answer if refusal else original(*args, **kwargs)

    around(emulated(f"services.{service}"), action, call)


def refuse_resources(kind: str, check: Check) -> None:
    """Fail a stack's resource of `kind` whose properties `check` refuses."""

    def create(original: Part, logical_id: str, props: Members, stack: str) -> Any:
        _raise(check(props))
        return original(logical_id, props, stack)

    def update(original: Part, name: str, old: Members, new: Members, *rest: Any, **of: Any) -> Any:
        _raise(check(new))
        return original(name, old, new, *rest, **of)

    around_resource(kind, "create", create)
    around_resource(kind, "update", update)


def _raise(refusal: Refusal | None) -> None:
    if refusal:
        # CloudFormation reports the text of any exception as the reason.
        raise ValueError(f"{refusal.message} ({refusal.code})")
