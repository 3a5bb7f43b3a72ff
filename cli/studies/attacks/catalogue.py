"""Every attack. docs/security.md has the same table, which a test compares."""

import base64
import json
from collections.abc import Callable, Iterator

from cli.studies.attacks import guards
from cli.studies.attacks.attack import Attack, Guard, Target, wanted, worst
from infra_cdk.api.routes import SIGNED_IN
from topk.domain.limits import (
    CHANGES_SECONDS,
    LARGEST_BODY,
    LONGEST_PARAMETER,
    MOST_CHANGES,
    MOST_HANDSHAKES,
    MOST_SONGS,
    MOST_UNCOUNTED_CHANGES,
)

NOBODY = "nobody-of-this-name"
_SONG = "a" * 16
_LIST = "/v1/users/{}/top"
_ME = "/v1/me"


def _routes(target: Target) -> Iterator[tuple[str, str]]:
    for routes in SIGNED_IN.values():
        for path, methods in routes.items():
            for method in methods:
                filled = path.format(
                    user_id=target.victim,
                    provider="spotify",
                    song_id=_SONG,
                    correction_id=_SONG,
                    token_id="a" * 64,
                    import_id="fakeimport1",
                    receipt="r-1",
                )
                yield method, filled


def _with_token(token: Callable[[Target], str]) -> Callable[[Target], str]:
    """The token at each route of a user: 401."""

    def attempt(target: Target) -> str:
        given = token(target)
        return worst(
            f"{method} {path} {found}"
            for method, path in _routes(target)
            if (found := wanted(target.call(method, path, token=given, body="{}"), 401))
        )

    return attempt


def _altered(target: Target) -> str:
    """A token of the attacker whose payload names the victim; the signature is the old one."""
    head, payload, *rest = target.user("attacker").split(".")
    decoded = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    claims = {**json.loads(decoded), "sub": target.victim}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return ".".join([head, changed, *rest])


def _user_at_server_route(target: Target) -> str:
    body = _edges("attacker", target.victim)
    reply = target.call("POST", "/v1/graph/edges", token=target.user("attacker"), body=body)
    return wanted(reply, 401, 403)


def _server_of_another(target: Target) -> str:
    body = _edges("attacker", target.victim)
    reply = target.call("POST", "/v1/graph/edges", token=target.server("meadow"), body=body)
    return wanted(reply, 401, 403)


def _edges(follower: str, followed: str) -> str:
    change = {"follower": follower, "followed": followed, "op": "follow"}
    return json.dumps({"changes": [change]})


def _hidden(path: str, *, signed: bool = True) -> Callable[[Target], str]:
    """The response for the victim is that for a user who does not exist."""

    def attempt(target: Target) -> str:
        token = target.user("attacker") if signed else ""
        hidden, unknown = (
            target.call("GET", path.format(user), token=token) for user in (target.victim, NOBODY)
        )
        if found := wanted(hidden, 404):
            return found
        same = _problem(hidden.json) == _problem(unknown.json)
        return "" if same else "the responses differ"

    return attempt


def _problem(found: object) -> object:
    return {**found, "instance": ""} if isinstance(found, dict) else found


def _follow(target: Target) -> str:
    token = target.user("attacker-follows")
    target.call("PUT", f"/v1/me/following/{target.victim}", token=token)
    target.call("DELETE", f"/v1/me/following/{target.victim}", token=token)
    target.call("PUT", f"/v1/me/following/{target.victim}", token=token)
    found = wanted(target.call("GET", _LIST.format(target.victim), token=token), 404)
    target.call("DELETE", f"/v1/me/following/{target.victim}", token=token)
    return found


def _accept_oneself(target: Target) -> str:
    """The attacker makes a user follow them who never asked, and the other way around."""
    token = target.user("attacker")
    reply = target.call("PUT", f"/v1/me/followers/{target.victim}", token=token)
    return wanted(reply, 404)


def _follow_at_host(target: Target) -> str:
    token = target.user("attacker", "meadow")
    reply = target.call("PUT", f"/v1/me/following/{target.victim}", token=token, tenant="meadow")
    return wanted(reply, 403)


def _end_host_edge(target: Target) -> str:
    body = _edges("attacker-ends", target.victim)
    target.call("POST", "/v1/graph/edges", token=target.server(), body=body)
    token = target.user("attacker-ends")
    found = wanted(target.call("DELETE", f"/v1/me/following/{target.victim}", token=token), 403)
    undone = body.replace('"follow"}', '"unfollow"}')
    target.call("POST", "/v1/graph/edges", token=target.server(), body=undone)
    return found


def _blocked_asks(target: Target) -> str:
    victim, path = target.user(target.victim), "/v1/me/blocks/attacker-blocked"
    target.call("PUT", path, token=victim)
    token = target.user("attacker-blocked")
    found = worst(
        wanted(target.call(method, f"/v1/me/following/{target.victim}", token=token), 404)
        for method in ("GET", "PUT")
    )
    target.call("DELETE", path, token=victim)
    return found


def _body(text: str | bytes, *statuses: int) -> Callable[[Target], str]:
    def attempt(target: Target) -> str:
        token = target.user("attacker-body")
        return wanted(target.call("PATCH", _ME, token=token, body=text), *statuses)

    return attempt


def _queries(paths: list[str]) -> Callable[[Target], str]:
    def attempt(target: Target) -> str:
        token = target.user("attacker")
        return worst(
            f"{path} {found}"
            for path in paths
            if (found := wanted(target.call("GET", path, token=token), 400))
        )

    return attempt


def _ids(target: Target) -> str:
    token = target.user("attacker")
    odd = ("a%20b", "%23meadow", "meadow%23anna", "%00", "%0d%0aset-cookie:a", "x" * 200, "%ff")
    found = []
    for user in odd:
        reply = target.call("PUT", f"/v1/me/blocks/{user}", token=token)
        injected = "set-cookie" in {name.lower() for name in reply.headers}
        found.append(f"{user} {wanted(reply, 400, 404)}" if injected or reply.status < 400 else "")
        found.append(f"{user} answered {reply.status}" if reply.status >= 500 else "")
    return worst(iter(found))


def _zones(target: Target) -> str:
    token = target.user("attacker-zone")
    odd = ("Factory", "localtime", "posixrules", "../../etc/passwd", "/etc/localtime", "x" * 65)
    bodies = (json.dumps({"time_zone": zone}) for zone in odd)
    return worst(wanted(target.call("PATCH", _ME, token=token, body=one), 400) for one in bodies)


def _subjects(target: Target) -> str:
    odd = (f"meadow#{target.victim}", "a b", "")
    tokens = (target.user("attacker", sub=subject) for subject in odd)
    return worst(wanted(target.call("GET", _ME, token=token), 401) for token in tokens)


def _other_tenant_in_query(target: Target) -> str:
    token = target.user("attacker")
    headers = {"x-tenant": "meadow", "x-user-id": target.victim}
    path = f"{_ME}?tenant=meadow&user_id={target.victim}&sub={target.victim}"
    reply = target.call("GET", path, token=token, headers=headers)
    return "" if reply.json["user_id"] == "attacker" else f"answered for {reply.json['user_id']}"


def _returns(target: Target) -> str:
    token, allowed = target.user("attacker-returns"), target.return_to
    host = allowed.split("/")[2]
    odd = (
        "https://evil.example/",
        "//evil.example",
        allowed.replace(host, f"{host}@evil.example"),
        allowed.replace(host, f"{host}.evil.example"),
        f"{allowed}/../../evil",
        f"{allowed}?next=https://evil.example",
        f"{allowed}\r\nlocation: https://evil.example",
        "javascript:alert(1)",
        "",
    )
    return worst(
        f"{one} {found}"
        for one in odd
        if (found := wanted(_begin(target, token, json.dumps({"return_to": one})), 400))
    )


def _begin(target: Target, token: str, body: str = "{}", **headers: str):  # type: ignore[no-untyped-def]
    path = f"/v1/connections/{target.provider}"
    return target.call("POST", path, token=token, body=body, headers=headers)


def _forwarded_host(target: Target) -> str:
    token = target.user("attacker-host")
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    reply = target.call(
        "POST", f"/v1/connections/{target.provider}", token=token, body="{}", headers=headers
    )
    return "the header is in the address" if b"evil.example" in reply.body else wanted(reply, 201)


def _proof_key(target: Target) -> str:
    reply = _begin(target, target.user("attacker-pkce"))
    address = reply.json.get("authorize_url", "")
    kept = "code_challenge_method=S256" in address and "code_challenge=" in address
    return "" if kept else "no code challenge"


def _flood_of_handshakes(target: Target) -> str:
    token = target.user("attacker-handshakes")
    statuses = [_begin(target, token).status for _ in range(MOST_HANDSHAKES + 1)]
    return "" if statuses[-1] == 429 else f"{statuses.count(201)} handshakes are open"


def _callback(query: str, *, provider: str = "spotify") -> str:
    return f"/v1/oauth/{provider}/callback?{query}"


def _guessed_states(target: Target) -> str:
    odd = ("", "guess", "0" * 43, "fake-state-expired", "..%2f..", "%00", "*")
    paths = (_callback(f"code=c&state={state}") for state in odd)
    return worst(wanted(target.call("GET", path), 400) for path in paths)


STATE = "code=fake-code-1&state=fake-state-spotify"


def _replayed(target: Target) -> str:
    first, second = (target.call("GET", _callback(STATE)) for _ in range(2))
    return wanted(first, 303) or wanted(second, 400)


def _elsewhere(target: Target) -> str:
    tenant = target.call("GET", _callback(STATE), tenant="meadow")
    other = target.call("GET", _callback(STATE, provider="youtube"))
    return wanted(tenant, 400) or wanted(other, 400)


def _long_parameter(target: Target) -> str:
    long = "c" * (LONGEST_PARAMETER + 1)
    return wanted(target.call("GET", _callback(f"code={long}&state=fake-state-spotify")), 400)


def _confirm(target: Target, user: str, provider: str = "spotify"):  # type: ignore[no-untyped-def]
    body = json.dumps({"confirmation": "fake-confirmation-1"})
    path = f"/v1/connections/{provider}/confirmation"
    return target.call("POST", path, token=target.user(user), body=body)


def _foreign_confirmation(target: Target) -> str:
    return wanted(_confirm(target, "ben"), 400)


def _other_path(target: Target) -> str:
    _confirm(target, "anna", "partner")
    return wanted(_confirm(target, "anna"), 204)


_LISTENS = b'{"listens": []}'


def _push(signature: Callable[[Target], str]) -> Callable[[Target], str]:
    def attempt(target: Target) -> str:
        headers = {"x-topk-signature": signature(target)}
        reply = target.call("POST", "/v1/ingest/partner", headers=headers, body=_LISTENS)
        return wanted(reply, 401)

    return attempt


def _flood_of_changes(target: Target) -> str:
    token = target.user("attacker-flood")
    most = 2 * (MOST_CHANGES + MOST_UNCOUNTED_CHANGES)
    for sent in range(most):
        reply = target.call("PATCH", _ME, token=token, body='{"visibility": "private"}')
        if reply.status == 429:
            wait = int(reply.headers["retry-after"])
            return "" if 0 < wait <= CHANGES_SECONDS else f"Retry-After of {wait}"
        if found := wanted(reply, 200):
            return f"after {sent}: {found}"
    return f"{most} changes in one window"


def _never_heard(target: Target) -> str:
    path = f"/v1/me/plays/songs/{_SONG}"
    return wanted(target.call("DELETE", path, token=target.user("attacker")), 404)


def _exports(target: Target) -> str:
    token = target.user("attacker-exports")
    first, second = (target.call("GET", "/v1/me/export", token=token) for _ in range(2))
    return wanted(first, 200) or wanted(second, 429)


def _cached(target: Target) -> str:
    reply = target.call("GET", _ME, token=target.user("attacker"))
    control = reply.headers["cache-control"]
    return "" if control == "private, no-store" else f"cache-control: {control}"


def _too_many_reports(_target: Target) -> str:
    from cli.studies.attacks.growth import list_of

    return list_of(60_000)


_K = ("0", "-1", str(MOST_SONGS + 1), "1e3", "%EF%BC%91", "9" * 5000, "+1", "1%00", "")


def _attack(
    name: str,
    attempted: str,
    expected: str,
    guard: Guard,
    attempt: Callable[[Target], str],
    *,
    deployed: bool = True,
) -> Attack:
    return Attack(name, attempted, expected, guard, attempt, deployed)


ATTACKS = (
    _attack(
        "token-garbage",
        "a token that is none, at every route of a user",
        "blocked",
        guards.TOKEN,
        _with_token(lambda _: "fake-token-without-signature"),
    ),
    _attack(
        "token-altered",
        "a token with a changed payload and its old signature",
        "blocked",
        guards.TOKEN,
        _with_token(_altered),
    ),
    _attack(
        "token-expired",
        "an expired token",
        "blocked",
        guards.TOKEN,
        _with_token(lambda target: target.expired("attacker")),
    ),
    _attack(
        "token-audience",
        "a token for another audience",
        "blocked",
        guards.TOKEN,
        _with_token(lambda target: target.user("attacker", aud="other")),
    ),
    _attack(
        "token-issuer",
        "a token that claims another issuer",
        "blocked",
        guards.TOKEN,
        _with_token(lambda target: target.user("attacker", iss="https://evil.example")),
    ),
    _attack(
        "token-tenant",
        "a token of another tenant",
        "blocked",
        guards.TOKEN,
        _with_token(lambda target: target.user(target.victim, "meadow")),
    ),
    _attack(
        "server-as-user",
        "a server's token at every route of a user",
        "blocked",
        guards.USERS_ONLY,
        _with_token(lambda target: target.server()),
    ),
    _attack(
        "user-as-server",
        "a user's token at the route of servers",
        "blocked",
        guards.SCOPE,
        _user_at_server_route,
    ),
    _attack(
        "server-of-another",
        "a server's token of another tenant",
        "blocked",
        guards.TOKEN,
        _server_of_another,
    ),
    _attack(
        "subject",
        "a subject with the separator of keys, with a space, or empty",
        "blocked",
        guards.USERS_ONLY,
        _subjects,
    ),
    _attack(
        "list",
        "reading a list for followers as a stranger; the 404 of an unknown user",
        "blocked",
        guards.VISIBILITY,
        _hidden(_LIST),
    ),
    _attack(
        "public-route",
        "reading it without a token",
        "blocked",
        guards.VISIBILITY,
        _hidden("/v1/public/users/{}/top", signed=False),
    ),
    _attack(
        "card",
        "reading its share card",
        "blocked",
        guards.VISIBILITY,
        _hidden("/v1/users/{}/top.png", signed=False),
    ),
    _attack(
        "follow",
        "following without consent, again after withdrawing",
        "held",
        guards.CONSENT,
        _follow,
    ),
    _attack(
        "accept", "accepting a user who has not asked", "blocked", guards.REQUESTED, _accept_oneself
    ),
    _attack(
        "follow-at-host",
        "following where the host app decides",
        "blocked",
        guards.HOST,
        _follow_at_host,
    ),
    _attack(
        "end-host-edge",
        "ending a follow that the host app set",
        "blocked",
        guards.HOST_EDGES,
        _end_host_edge,
    ),
    _attack(
        "blocked-asks",
        "asking as a blocked user, to learn of the block",
        "blocked",
        guards.BLOCKS,
        _blocked_asks,
    ),
    _attack(
        "body-size",
        "a body larger than allowed",
        "blocked",
        guards.SIZE,
        _body(" " * LARGEST_BODY + '{"time_zone": "UTC"}', 413),
    ),
    _attack(
        "body-depth",
        "thousands of nested arrays",
        "blocked",
        guards.BODIES,
        _body("[" * (LARGEST_BODY - 1), 400),
    ),
    _attack(
        "body-bytes",
        "a body that is not UTF-8",
        "blocked",
        guards.BODIES,
        _body(b'{"visibility": "\xff\xfe"}', 400),
    ),
    _attack(
        "body-fields",
        "fields that the API does not know",
        "blocked",
        guards.BODIES,
        _body('{"followers": 1000000, "erasing": ""}', 400),
    ),
    _attack(
        "k",
        "a `k` out of range, in other digits, or thousands of digits long",
        "blocked",
        guards.PARAMETERS,
        _queries([f"/v1/me/top?k={k}" for k in _K]),
    ),
    _attack(
        "window",
        "a window or a ranking that does not exist, in other cases or with separators",
        "blocked",
        guards.PARAMETERS,
        _queries(
            [
                f"/v1/me/top?{name}={one}"
                for name in ("of", "window")
                for one in ("", "2y", "SONGS", "7D", "songs%00", "songs,albums", "9" * 5000)
            ]
        ),
    ),
    _attack(
        "cursor",
        "a cursor that is not of this API",
        "blocked",
        guards.PARAMETERS,
        _queries([f"/v1/me/following/top?cursor={one}" for one in ("x", "%00", "AAAA", "-1")]),
    ),
    _attack(
        "preview",
        "a preview as somebody else",
        "blocked",
        guards.PARAMETERS,
        _queries(["/v1/me/top?as=owner", "/v1/me/top?as=anna"]),
    ),
    _attack(
        "user-id",
        "ids with separators, control characters, line breaks and 200 characters",
        "blocked",
        guards.IDS,
        _ids,
    ),
    _attack("time-zone", "time zones that are files", "blocked", guards.ZONES, _zones),
    _attack(
        "other-user-in-query",
        "another user or tenant in the query and in headers",
        "held",
        guards.FROM_TOKEN,
        _other_tenant_in_query,
    ),
    _attack(
        "return-address",
        "return addresses that resemble an allowed one",
        "blocked",
        guards.RETURNS,
        _returns,
    ),
    _attack(
        "forwarded-host",
        "another host in a header, to receive the code",
        "held",
        guards.HOST_HEADER,
        _forwarded_host,
    ),
    _attack(
        "handshakes", "a flood of handshakes", "blocked", guards.HANDSHAKES, _flood_of_handshakes
    ),
    _attack("state-guess", "guessing a state", "blocked", guards.STATES, _guessed_states),
    _attack(
        "state-replay",
        "using a state twice",
        "blocked",
        guards.SINGLE_USE,
        _replayed,
        deployed=False,
    ),
    _attack(
        "state-elsewhere",
        "a state at another provider's or tenant's callback",
        "blocked",
        guards.ADDRESS,
        _elsewhere,
        deployed=False,
    ),
    _attack(
        "callback-size",
        "a parameter of thousands of characters at a callback",
        "blocked",
        guards.LENGTHS,
        _long_parameter,
        deployed=False,
    ),
    _attack(
        "confirm-foreign",
        "confirming another user's connection",
        "blocked",
        guards.CONFIRMED,
        _foreign_confirmation,
        deployed=False,
    ),
    _attack(
        "confirm-path",
        "confirming under another provider, to destroy the grant",
        "held",
        guards.PATHS,
        _other_path,
        deployed=False,
    ),
    _attack(
        "push-unsigned",
        "a push without a signature",
        "blocked",
        guards.SIGNATURE,
        _push(lambda _: ""),
    ),
    _attack(
        "push-key",
        "a push that is signed with another key",
        "blocked",
        guards.SIGNATURE,
        _push(lambda target: target.sign(_LISTENS, secret="fake-" + "x" * 40)),
    ),
    _attack(
        "push-body",
        "a signature of another body",
        "blocked",
        guards.SIGNATURE,
        _push(lambda target: target.sign(b"{}")),
    ),
    _attack(
        "push-replay",
        "a signature that is ten minutes old",
        "blocked",
        guards.MOMENT,
        _push(lambda target: target.sign(_LISTENS, age=600)),
    ),
    _attack("changes", "a flood of changes by one user", "blocked", guards.RATE, _flood_of_changes),
    _attack(
        "never-heard",
        "deleting a song that was never played",
        "blocked",
        guards.HEARD,
        _never_heard,
    ),
    _attack("exports", "exporting again and again", "blocked", guards.EXPORTS, _exports),
    _attack(
        "cached", "finding a user's settings in a shared cache", "held", guards.PRIVATE, _cached
    ),
    _attack(
        "reports",
        "more plays than anybody can listen to",
        "cost",
        guards.REPORTS,
        _too_many_reports,
    ),
)
