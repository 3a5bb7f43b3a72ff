from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from cli.local_stack.credentials import generate
from cli.local_stack.declared import declared


def test_service_and_world_share_the_secrets() -> None:
    fields = ("client_id", "client_secret", "shared_secret", "push_secret")
    kept, known = generate(fields)
    assert kept == known
    assert set(kept) == set(fields)
    assert all(len(kept[name]) >= 32 for name in fields[1:])


def test_only_the_service_has_the_private_key_and_the_provider_the_public_one() -> None:
    kept, known = generate(("team_id", "key_id", "private_key"))
    assert set(known) == {"team_id", "key_id", "public_key"}
    private = load_pem_private_key(kept["private_key"].encode(), None)
    public = load_pem_public_key(known["public_key"].encode())
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert isinstance(private.curve, ec.SECP256R1)
    assert private.public_key() == public


def test_every_run_has_its_own_credentials() -> None:
    fields = ("client_id", "client_secret")
    assert generate(fields) != generate(fields)


def test_credentials_of_every_declared_provider_can_be_generated() -> None:
    for fields in declared().providers.values():
        kept, _ = generate(fields)
        assert set(kept) == set(fields)
