"""Routes: which function handles which request."""

from collections.abc import Mapping

Routes = Mapping[str, tuple[str, ...]]
"""Path -> methods."""

SIGNED_IN: Mapping[str, Routes] = {
    "connect": {
        "/v1/connections": ("GET",),
        "/v1/connections/{provider}": ("POST", "DELETE"),
        "/v1/connections/{provider}/confirmation": ("POST",),
    },
    "read": {
        "/v1/me/top": ("GET",),
        "/v1/me/following/top": ("GET",),
        "/v1/me/following/songs": ("GET",),
        "/v1/users/{user_id}/top": ("GET",),
        "/v1/tops": ("POST",),
    },
    "account": {
        "/v1/me": ("GET", "PATCH"),
        "/v1/me/hidden": ("GET",),
        "/v1/me/hidden/songs/{song_id}": ("PUT", "DELETE"),
        "/v1/me/hidden/providers/{provider}": ("PUT", "DELETE"),
        "/v1/me/following/{user_id}": ("GET", "PUT", "DELETE"),
        "/v1/me/followers": ("GET",),
        "/v1/me/followers/{user_id}": ("PUT", "DELETE"),
        "/v1/me/requests": ("GET",),
        "/v1/me/requests/{user_id}": ("DELETE",),
        "/v1/me/blocks/{user_id}": ("PUT", "DELETE"),
    },
    "export": {"/v1/me/export": ("GET",)},
    "scrobble": {
        "/v1/me/tokens": ("GET", "POST"),
        "/v1/me/tokens/{token_id}": ("DELETE",),
        "/v1/me/imports": ("GET", "POST"),
        "/v1/me/imports/{import_id}": ("GET",),
        "/v1/me/imports/{import_id}/start": ("POST",),
    },
    "privacy": {
        "/v1/me": ("DELETE",),
        "/v1/me/erasure/{receipt}": ("GET",),
        "/v1/me/plays/songs/{song_id}": ("DELETE",),
        "/v1/me/corrections": ("GET", "POST"),
        "/v1/me/corrections/{correction_id}": ("DELETE",),
        "/v1/me/songs/{song_id}/spellings": ("GET",),
    },
}
"""By function: routes for users of the tenant, with a token of its issuer."""

SCOPED: Mapping[str, Mapping[str, Routes]] = {
    "graph:write": {"account": {"/v1/graph/edges": ("POST",), "/v1/graph/people": ("POST",)}},
}
"""By scope and function: routes for the host app's servers, with a client credentials token that
has the scope.
"""

OPEN: Mapping[str, Routes] = {
    "connect": {
        "/v1/oauth/{provider}/callback": ("GET", "POST"),
        "/v1/oauth/{provider}/authorize": ("GET",),
    },
}
"""By function: routes for browsers that return from a provider. The single-use `state` replaces the
token, which a redirect cannot carry.
"""

PUBLIC: Mapping[str, Routes] = {
    "account": {"/v1/openapi.json": ("GET",)},
    "read": {"/v1/public/users/{user_id}/top": ("GET",)},
    "card": {
        "/v1/users/{user_id}/top.svg": ("GET",),
        "/v1/users/{user_id}/top.png": ("GET",),
        "/v1/oembed": ("GET",),
    },
}
"""By function: public routes. They return public data only."""

SIGNED: Mapping[str, Routes] = {
    "ingest": {"/v1/ingest/{provider}": ("POST",)},
}
"""By function: routes for providers that push. They have no user token but sign each call with a
shared secret.
"""

PERSONAL: Mapping[str, Routes] = {
    "scrobble": {
        "/1/submit-listens": ("POST",),
        "/1/validate-token": ("GET",),
        "/1/user/{user_name}/listen-count": ("GET",),
        "/1/user/{user_name}/listens": ("GET",),
        "/1/user/{user_name}/playing-now": ("GET",),
        "/1/delete-listen": ("POST",),
        "/1/latest-import": ("GET", "POST"),
        "/2.0": ("GET", "POST"),
        "/2.0/{slash+}": ("GET", "POST"),
        "/api/auth": ("GET", "POST"),
        "/api/auth/{slash+}": ("GET", "POST"),
        "/audioscrobbler": ("GET",),
        "/audioscrobbler/{slash+}": ("GET",),
        "/audioscrobbler/np_1.2": ("POST",),
        "/audioscrobbler/protocol_1.2": ("POST",),
    },
}
"""By function: routes for players, at the addresses that their protocols prescribe. The personal
token is in each call, in a form of its own; the function verifies it.

Some of these addresses end with a slash, as no route may: `{slash+}` is the nothing after it.
"""

PREFLIGHT: Mapping[str, Routes] = {"account": {"/{path+}": ("OPTIONS",)}}
"""By function: what browsers ask before a request from another origin. Any other route is matched
first.
"""
