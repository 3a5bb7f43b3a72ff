"""Fixes of what Lambda accepts as a function's configuration.

Limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
from collections.abc import Mapping
from typing import Any

from simulator.emulator.limits.refusals import (
    Check,
    Members,
    Refusal,
    constraint,
    refuse_calls,
    refuse_resources,
)
from simulator.emulator.splice import Part, around, around_resource, emulated, part

ENVIRONMENT_BYTES = 4096
TIMEOUT_SECONDS = (1, 900)
MEMORY_MB = (128, 10_240)
POLICY_BYTES = 20_480
ACCOUNT_CONCURRENCY, UNRESERVED_CONCURRENCY = 1000, 100
FUNCTION = "AWS::Lambda::Function"
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
_ENVIRONMENT = "Lambda was unable to configure your environment variables because the environment "


def refuse_large_environments() -> None:
    """Fault: a function's environment may have any size.

    AWS measures it as JSON. Message:
    https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
    """
    _refuse(_large_environment)


def refuse_reserved_variables() -> None:
    """Fault: a template may set the variables that Lambda sets itself.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    _refuse(_reserved_variables)


def refuse_sizes_out_of_range() -> None:
    """Fault: any timeout and any memory is accepted.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """
    _refuse(_out_of_range)


def keep_reserved_concurrency() -> None:
    """Fault: a template's ReservedConcurrentExecutions and RecursiveLoop are ignored, and an
    account's functions may reserve more than there is.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    functions = emulated("services.lambda_svc")

    def call(original: Part, name: str, data: Members) -> Any:
        refusal = _over_reserved(name, int(data.get("ReservedConcurrentExecutions", 0)))
        return refusal.answer if refusal else original(name, data)

    def keep(name: str, props: Members) -> None:
        reserved = props.get("ReservedConcurrentExecutions")
        refusal = None if reserved is None else _over_reserved(name, int(reserved))
        if refusal:
            raise ValueError(f"{refusal.message} ({refusal.code})")
        record = part(functions, "_functions")[name]
        record["concurrency"] = None if reserved is None else int(reserved)
        record["recursive_loop"] = props.get("RecursiveLoop", "Terminate")

    def create(original: Part, logical_id: str, props: Members, stack: str) -> Any:
        name, attributes = original(logical_id, props, stack)
        keep(name, props)
        return name, attributes

    def update(original: Part, name: str, old: Members, new: Members, *rest: Any, **of: Any) -> Any:
        name, attributes = original(name, old, new, *rest, **of)
        keep(name, new)
        return name, attributes

    around(functions, "_put_function_concurrency", call)
    around_resource(FUNCTION, "create", create)
    around_resource(FUNCTION, "update", update)


def refuse_long_policies() -> None:
    """Fault: a function's resource policy may have any length.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """
    functions = emulated("services.lambda_svc")

    def add(original: Part, name: str, *args: Any, **kwargs: Any) -> Any:
        answer = original(name, *args, **kwargs)
        policy = part(functions, "_functions").get(name, {}).get("policy", {})
        size = len(json.dumps(policy, separators=(",", ":")))
        if answer[0] < 400 and size > POLICY_BYTES:
            policy["Statement"].pop()
            message = f"The final policy size ({size}) is bigger than the limit ({POLICY_BYTES})."
            return Refusal("PolicyLengthExceededException", message).answer
        return answer

    around(functions, "_add_permission", add)


def _refuse(check: Check) -> None:
    refuse_calls("lambda_svc", "_create_function", check)
    refuse_calls("lambda_svc", "_update_config", check)
    refuse_resources(FUNCTION, check)


def _variables(configuration: Members) -> Mapping[str, Any]:
    return (configuration.get("Environment") or {}).get("Variables") or {}


def _large_environment(configuration: Members) -> Refusal | None:
    measured = json.dumps(_variables(configuration), separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) <= ENVIRONMENT_BYTES:
        return None
    reason = f"variables you have provided exceeded the 4KB limit. String measured: {measured}"
    return Refusal("InvalidParameterValueException", _ENVIRONMENT + reason)


def _reserved_variables(configuration: Members) -> Refusal | None:
    found = sorted(RESERVED & {*_variables(configuration)})
    if not found:
        return None
    reason = (
        "variables you have provided contains reserved keys that are currently not supported for "
        f"modification. Reserved keys used in this request: {', '.join(found)}"
    )
    return Refusal("InvalidParameterValueException", _ENVIRONMENT + reason)


def _out_of_range(configuration: Members) -> Refusal | None:
    for name, (least, most) in {"Timeout": TIMEOUT_SECONDS, "MemorySize": MEMORY_MB}.items():
        value = int(configuration.get(name, least))
        member = name[0].lower() + name[1:]
        if value > most:
            return constraint(member, f"value less than or equal to {most}")
        if value < least:
            return constraint(member, f"value greater than or equal to {least}")
    return None


def _over_reserved(name: str, wanted: int) -> Refusal | None:
    records = part(emulated("services.lambda_svc"), "_functions")
    others = sum(int(one.get("concurrency") or 0) for key, one in records.items() if key != name)
    if wanted + others <= ACCOUNT_CONCURRENCY - UNRESERVED_CONCURRENCY:
        return None
    reason = (
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_CONCURRENCY}]."
    )
    return Refusal("InvalidParameterValueException", reason)
