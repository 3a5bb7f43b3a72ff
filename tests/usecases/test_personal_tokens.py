"""Personal tokens and the sessions derived from them."""

import itertools
from dataclasses import dataclass, field

import pytest

from tests import memory_stores as stores
from tests.fakes import ANNA, BEN, NOON
from topk.domain.account.personal_token import Kind, hash_of, md5, password_of
from topk.domain.errors import (
    InvalidRequestError,
    LimitReachedError,
    NotVisibleError,
    TokenError,
)
from topk.domain.limits import MOST_PERSONAL_TOKENS
from topk.domain.owner import Owner
from topk.usecases.scrobbling.personal_tokens import (
    Consent,
    TokenStores,
    allow,
    authenticate,
    begin_session,
    list_tokens,
    make_token,
    revoke_token,
    sign_in,
)

LATER = NOON + 3600


@dataclass
class World:
    tokens: stores.PersonalTokens = field(default_factory=stores.PersonalTokens)
    profiles: stores.Profiles = field(default_factory=stores.Profiles)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def stores(self) -> TokenStores:
        return TokenStores(self.tokens, self.profiles, stores.Vault)

    def new_token(self) -> str:
        return f"fake-token-{next(self.numbers)}"

    def make(self, owner: Owner = ANNA, name: str = "Phone") -> str:
        token, _ = make_token(owner, name, stores=self.stores, new_token=self.new_token, now=NOON)
        return token

    def whose(self, token: str, tenant: str = "") -> Owner:
        return authenticate(token, tenant=tenant, stores=self.stores, now=LATER).owner

    def sign_in(self, token: str, owner: Owner = ANNA) -> str:
        expected = password_of(token)
        return sign_in(owner, lambda one: one == expected, stores=self.stores, now=LATER)


def test_a_token_is_its_owners_and_no_other_text_is() -> None:
    world = World()
    token = world.make()
    assert world.whose(token) == ANNA
    for other in ("", token.upper(), token + " ", hash_of(token), password_of(token)):
        with pytest.raises(TokenError):
            world.whose(other)


def test_neither_the_token_nor_its_md5_is_stored_in_the_clear() -> None:
    world = World()
    token = world.make()
    (row,) = world.tokens.rows.values()
    assert token not in repr(row)
    assert password_of(token) not in repr(row), "not even sealed: logs show no seal"
    assert token not in row.sealed_password


@pytest.mark.parametrize("name", ["", " \t ", "x" * 65, "a\x07b"])
def test_a_name_must_be_printable(name: str) -> None:
    with pytest.raises(InvalidRequestError):
        World().make(name=name)


def test_a_token_is_accepted_at_its_own_tenant_only() -> None:
    world = World()
    token = world.make()
    assert world.whose(token, ANNA.tenant) == ANNA
    with pytest.raises(TokenError):
        world.whose(token, "meadow")


def test_the_number_of_a_users_tokens_is_limited() -> None:
    world = World()
    for _ in range(MOST_PERSONAL_TOKENS):
        world.make()
    with pytest.raises(LimitReachedError):
        world.make()
    world.make(BEN)


def test_a_user_who_is_being_erased_gets_none() -> None:
    world = World()
    world.profiles.create(ANNA)
    world.profiles.mark_erasing(ANNA, "fake-receipt")
    with pytest.raises(NotVisibleError):
        world.make()
    with pytest.raises(NotVisibleError):
        list_tokens(ANNA, stores=world.stores)


def test_a_player_that_signs_in_again_and_again_gets_one_session() -> None:
    world = World()
    world.make()
    token = world.make(name="TV")
    keys = {world.sign_in(token) for _ in range(3)}
    assert len(keys) == 1
    assert world.whose(*keys) == ANNA
    assert len(world.tokens.rows) == 3
    assert [one.name for one in list_tokens(ANNA, stores=world.stores)] == ["Phone", "TV"]


def test_signing_in_needs_a_token_of_that_user() -> None:
    world = World()
    token = world.make()
    with pytest.raises(TokenError):
        world.sign_in(token, BEN)
    with pytest.raises(TokenError):
        world.sign_in("fake-token-9")


def test_a_session_ends_with_its_token() -> None:
    world = World()
    token = world.make()
    key = world.sign_in(token)
    revoke_token(ANNA, hash_of(token), stores=world.stores)
    for ended in (token, key):
        with pytest.raises(TokenError):
            world.whose(ended)
    with pytest.raises(TokenError):
        world.sign_in(token)
    assert world.tokens.rows == {}


def test_the_use_of_a_session_shows_at_its_token() -> None:
    world = World()
    key = world.sign_in(world.make())
    authenticate(key, tenant="", stores=world.stores, now=LATER + 7200)
    (shown,) = list_tokens(ANNA, stores=world.stores)
    assert shown.last_used_at == LATER + 7200


def test_nobody_revokes_the_token_of_another() -> None:
    world = World()
    token = world.make()
    with pytest.raises(NotVisibleError):
        revoke_token(BEN, hash_of(token), stores=world.stores)
    assert world.whose(token) == ANNA


def test_an_allowed_request_gives_one_session() -> None:
    world = World()
    token = world.make()
    allow(Consent("fake-request", "TV"), token, tenant="", stores=world.stores, now=NOON)
    with pytest.raises(TokenError):
        world.whose("fake-request")
    key, session = begin_session(
        "fake-request", stores=world.stores, new_token=world.new_token, now=LATER
    )
    assert world.whose(key) == ANNA
    assert (session.kind, session.name) == (Kind.SESSION, "TV")
    with pytest.raises(TokenError):
        begin_session("fake-request", stores=world.stores, new_token=world.new_token, now=LATER)
    revoke_token(ANNA, session.token_hash, stores=world.stores)
    with pytest.raises(TokenError):
        world.whose(key)


def test_a_request_that_nobody_allowed_gives_none() -> None:
    world = World()
    token = world.make()
    for request in ("fake-request", token):
        with pytest.raises(TokenError):
            begin_session(request, stores=world.stores, new_token=world.new_token, now=LATER)
    with pytest.raises(TokenError):
        allow(Consent("fake-request", "TV"), "fake-9", tenant="", stores=world.stores, now=NOON)


def test_md5_is_the_one_that_the_protocol_prescribes() -> None:
    assert md5("password") == "5f4dcc3b5aa765d61d8327deb882cf99"
