"""How Google's APIs refuse."""

from starlette.responses import Response

from simulator.answers import Json


def unauthenticated() -> Response:
    message = "Request had invalid authentication credentials."
    return refused(401, "UNAUTHENTICATED", message)


def refused(code: int, status: str, message: str) -> Response:
    """https://cloud.google.com/apis/design/errors"""
    body = {"error": {"code": code, "message": message, "status": status}}
    return Json(body, status_code=code)


def too_many(wait: int) -> Response:
    answer = refused(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'")
    answer.headers["Retry-After"] = str(wait)
    return answer


TOO_MANY = (too_many,)
