"""The access rule, independent of its implementation."""

from collections.abc import Callable, Mapping

VISIBILITIES = ("unset", "followers", "public", "private")
"""The owner's setting; `unset` if they never changed it."""
RELATIONS: Mapping[str, str] = {
    "self": "the owner",
    "stranger": "not connected to the owner",
    "follower": "follows the owner",
    "blocked": "follows the owner, who has blocked them",
    "blocking": "follows the owner, and has blocked them",
    "former follower": "used to follow the owner",
    "namesake": "a user of another tenant, at that tenant's API",
    "of nobody": "requests a user who does not exist",
    "of a leaver": "follows a user who is being erased",
    "leaver": "the owner, who is being erased",
}
RIGHT = "right"
FOLLOWS = ("host", "request", "open")
"""A tenant's rule of following."""
TOKENS = (RIGHT, "wrong tenant", "none")
SHOWN, HIDDEN, NOTHING, OWN, REFUSED = "shown", "left out", "404", "own", "401"

_SEES = """
                  unset  followers  public  private
self              yes    yes        yes     yes
stranger          no     no         yes     no
follower          yes    yes        yes     no
blocked           no     no         no      no
blocking          no     no         no      no
former follower   no     no         yes     no
namesake          no     no         no      no
of nobody         no     no         no      no
of a leaver       no     no         no      no
leaver            no     no         no      no
"""


def sees(relation: str, visibility: str) -> bool:
    """Whether a caller with this relation may see the list of an owner with this visibility."""
    header, *lines = _SEES.strip("\n").splitlines()
    column = header.split().index(visibility)
    (line,) = [line for line in lines if line.startswith(f"{relation}  ")]
    return line[len(relation) :].split()[column] == "yes"


def _list(relation: str, visibility: str) -> str:
    return SHOWN if sees(relation, visibility) else NOTHING


def _feed(relation: str, visibility: str) -> str:
    """The list is in the feed of those followers who may see it. A leaver has no feed."""
    if relation == "leaver":
        return NOTHING
    return SHOWN if relation == "follower" and sees(relation, visibility) else HIDDEN


def _own(relation: str, _visibility: str) -> str:
    return NOTHING if relation == "leaver" else OWN


def _preview(as_: str) -> Callable[[str, str], str]:
    """Preview of the caller's own list. Callers other than the owner have no visibility setting."""

    def rule(relation: str, visibility: str) -> str:
        chosen = visibility if relation in {"self", "leaver"} else "unset"
        return OWN if relation != "leaver" and sees(as_, chosen) else NOTHING

    return rule


def _public(relation: str, visibility: str) -> str:
    """Public lists are open to everyone at the owner's tenant, without authentication."""
    asked = relation not in {"namesake", "of nobody", "of a leaver", "leaver"}
    return SHOWN if visibility == "public" and asked else NOTHING


def _standing(rule: str) -> Callable[[str, str], str]:
    """Whether the caller follows the user; 404 if they neither do nor can."""

    def standing(relation: str, visibility: str) -> str:
        if relation == "self":
            return "400"
        if relation == "follower":
            return "following"
        possible = rule == "request" or (rule == "open" and visibility == "public")
        related = relation in {"stranger", "former follower"}
        return "none" if possible and related else NOTHING

    return standing


def _many(relation: str, visibility: str) -> str:
    """A list that may not be seen is left out, as an unknown user is.

    The caller's own is the one that their followers see.
    """
    seen_by = "follower" if relation == "self" else relation
    return SHOWN if sees(seen_by, visibility) else HIDDEN


MANY = "POST /v1/tops"
STANDING = "GET /v1/me/following/{user_id}"
OF_FOLLOWS = ("GET /v1/me/followers", "GET /v1/me/requests")
"""Endpoints that return who follows the caller and who asked to."""
COMMON = "GET /v1/me/following/songs"
EMBED = "GET /v1/oembed?url=/embed/v1/list.html%3Fuser={user_id}"
ENDPOINTS = {
    "GET /v1/public/users/{user_id}/top": _public,
    "GET /v1/public/users/{user_id}/top?of=artists&window=1y": _public,
    "GET /v1/users/{user_id}/top?of=artists&window=1y": _list,
    "GET /v1/users/{user_id}/top.svg": _public,
    "GET /v1/users/{user_id}/top.png": _public,
    EMBED: _public,
    "GET /v1/users/{user_id}/top": _list,
    MANY: _many,
    "GET /v1/me/following/top": _feed,
    COMMON: _feed,
    STANDING: _standing("request"),
    **dict.fromkeys(OF_FOLLOWS, _own),
    "GET /v1/me/top": _own,
    "GET /v1/me/top?as=follower": _preview("follower"),
    "GET /v1/me/top?as=stranger": _preview("stranger"),
    "GET /v1/me": _own,
    "GET /v1/me/hidden": _own,
    "GET /v1/me/corrections": _own,
    "GET /v1/me/export": _own,
    "GET /v1/connections": _own,
    "GET /v1/me/tokens": _own,
    "GET /v1/me/imports": _own,
}
"""Endpoint -> what a caller with a valid token sees of the owner."""


UNNAMED = (
    "GET /v1/me/hidden",
    "GET /v1/me/corrections",
    "GET /v1/connections",
    "GET /v1/me/tokens",
    "GET /v1/me/imports",
)
"""Endpoints that return the caller's own data without a user id."""
OF_NOBODY = {
    "GET /v1/openapi.json": "the description of the API",
    "GET /v1/oauth/{provider}/authorize": "a page for anyone with the `state`",
    "GET /v1/oauth/{provider}/callback": "a redirect for anyone with the `state`",
    "GET /v1/me/erasure/{receipt}": "a receipt, which names no user",
    "GET /1/validate-token": "whose a personal token is",
    "GET /1/user/{user_name}/listen-count": "what the personal token's own user pushed",
    "GET /1/user/{user_name}/listens": "what the personal token's own user pushed",
    "GET /1/user/{user_name}/playing-now": "nothing, for the personal token's own user",
    **dict.fromkeys(("GET /2.0", "GET /2.0/{slash+}"), "what the session's own user pushed"),
    **dict.fromkeys(("GET /api/auth", "GET /api/auth/{slash+}"), "a form, which names no user"),
    **dict.fromkeys(
        ("GET /audioscrobbler", "GET /audioscrobbler/{slash+}"), "an answer to a digest"
    ),
    "GET /1/latest-import": "what the personal token's own player noted",
    "GET /v1/me/imports/{import_id}": "one of the caller's own imports",
    "GET /v1/me/songs/{song_id}/spellings": "spellings in the caller's own plays",
}
"""Other endpoints that can be read, and what they show."""
PICTURES = {"GET /v1/users/{user_id}/top.svg", "GET /v1/users/{user_id}/top.png"}
WITHOUT_TOKEN = {
    "GET /v1/public/users/{user_id}/top",
    "GET /v1/public/users/{user_id}/top?of=artists&window=1y",
    EMBED,
    *PICTURES,
}
"""Endpoints that ignore tokens."""


def specified(
    visibility: str, relation: str, endpoint: str, token: str, follows: str = "request"
) -> str:
    """The expected result of a request at a tenant whose rule is `follows`.

    SHOWN, HIDDEN (a response without the owner), NOTHING (404), OWN (only the caller's own data) or
    REFUSED (401).
    """
    rule = _standing(follows) if endpoint == STANDING else ENDPOINTS[endpoint]
    found = rule(relation, visibility)
    return found if token == RIGHT or endpoint in WITHOUT_TOKEN else REFUSED
