"""The applications that are registered with a provider."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class App:
    """An OAuth client. A redirect must match one of `redirect_uris` exactly."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiAccount:
    """An application at Last.fm, which uses other field names for a client."""

    api_key: str
    shared_secret: str
    redirect_uris: tuple[str, ...]

    @property
    def app(self) -> App:
        return App(self.api_key, self.shared_secret, self.redirect_uris)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Apple team's key. `public_key` is a P-256 public key in PEM."""

    team_id: str
    key_id: str
    public_key: str


class Apps:
    """One provider's registrations."""

    def __init__(self) -> None:
        self._clients: dict[str, App] = {}
        self._keys: dict[str, SigningKey] = {}

    def register(self, app: App) -> None:
        self._clients[app.client_id] = app

    def register_key(self, key: SigningKey) -> None:
        self._keys[key.key_id] = key

    def client(self, client_id: str) -> App | None:
        return self._clients.get(client_id)

    def key(self, key_id: str) -> SigningKey | None:
        return self._keys.get(key_id)
