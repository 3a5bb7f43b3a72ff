"""The users of the sandbox, of the tenant harbor. It is 2026-11-22, noon UTC.

anna   follows ben, as they agreed, and finn has asked to follow her; has Spotify (its access token
       has expired), Apple Music and YouTube, and plays; has uploaded a history, and begun an import
ben    follows anna, as they agreed; Spotify fails for him with 502
carla  is followed by nobody; her Spotify grant was revoked
dora   has a Spotify account that is rate limited; has played a song under two spellings
erin   has a chunk of plays that cannot be read
finn   has a partner account, finn-77, for which the partner pushes
gina   has paused hers, gina-12
hugo   followed anna, as the host app set it, and is being erased: his receipt is fake-receipt-hugo
"""

import json

from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.account.edge import Edge
from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.account.personal_token import Kind, PersonalToken, password_of
from topk.domain.account.personal_token import hash_of as hash_of_token
from topk.domain.chunk import Chunk
from topk.domain.crawl.timetable import DAILY, Grid
from topk.domain.imports.history_import import HistoryImport
from topk.domain.imports.history_import import Status as ImportStatus
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision, Track
from topk.stores.dynamodb.models import FollowModel, PlaysModel
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.imports.import_table import Imports
from topk.stores.tables.connections import Connections
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.pending_connections import PendingConnections
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.usecases.ports import Vault

NOON = 1_795_348_800
GRID = Grid(slot_minutes=10)


def move_in(vault: Vault) -> None:
    """Writes the data of all users to the tables."""
    anna, ben, carla, dora = (Owner("harbor", user) for user in ("anna", "ben", "carla", "dora"))
    for owner in (anna, ben, carla, dora):
        Profiles().create(owner)
    for follower, followed in ((ben, anna), (anna, ben)):
        FollowModel(follower.key, followed.user, agreed_at=NOON - 86_400).save()
    FollowRequests().ask(Edge(Owner("harbor", "finn"), anna), now=NOON - 3600)
    _connect(
        vault, anna, "spotify", Grant("fake-access-token-old", "fake-refresh-token-1", NOON - 3600)
    )
    _connect(vault, anna, "apple_music", Grant("fake-music-user-token-1"))
    _connect(vault, anna, "youtube", Grant("fake-access-token-1", "fake-refresh-token-1"))
    _connect(vault, ben, "spotify", Grant("fake-access-token-broken", "fake-refresh-token-1"))
    _connect(
        vault, carla, "spotify", Grant("fake-access-token-old", "fake-refresh-token-revoked", 0)
    )
    _connect(vault, dora, "spotify", Grant("fake-access-token-limited", "fake-refresh-token-1"))
    for user, status in (("finn-77", Status.ACTIVE), ("gina-12", Status.PAUSED)):
        owner = Owner("harbor", user.partition("-")[0])
        Profiles().create(owner)
        ProviderUsers().add("partner", user, owner)
        _connect(vault, owner, "partner", Grant("fake-access-token-1", account=user), status)
    heard = (("Northern Light", 3), ("Paper Boats", 2), ("Slow River", 1))
    hugo = Owner("harbor", "hugo")
    _connect(vault, hugo, "spotify", Grant("fake-access-token-1", "fake-refresh-token-1"))
    Edges(FollowModel).add(hugo, anna)
    Profiles().mark_erasing(hugo, "fake-receipt-hugo")
    Erasures().begin("harbor", "fake-receipt-hugo", now=NOON)
    for owner, number in ((anna, 0), (ben, 1)):
        plays = tuple(
            _play(title, turn) for title, times in heard for turn in range(times + number)
        )
        Plays(retention_days=3650).append(
            [Chunk(owner, "spotify", NOON, f"fake000{number}crawl", plays)]
        )
    spelt = tuple(_play(f"Slow River{words}", 0) for words in ("", " (Official Video)"))
    Plays(retention_days=3650).append([Chunk(dora, "spotify", NOON, "fake0003crawl", spelt)])
    PlaysModel(
        "harbor#erin", f"{NOON}#spotify#fake0002crawl", body=b"\xffgarbled", expires_at=NOON * 2
    ).save()
    for state, provider, expires_at in (
        ("fake-state-spotify", "spotify", NOON + 600),
        ("fake-state-apple", "apple_music", NOON + 600),
        ("fake-state-expired", "spotify", NOON),
    ):
        _shake_hands(anna, state, provider, expires_at)
    for owner in (anna, ben):
        _hold_token(vault, owner, f"fake-token-{owner.user}")
    for confirmation, provider, expires_at in (
        ("fake-confirmation-1", "spotify", NOON + 600),
        ("fake-confirmation-expired", "spotify", NOON),
        ("fake-confirmation-partner", "partner", NOON + 600),
    ):
        _await_confirmation(vault, anna, confirmation, provider, expires_at)
    _begin_imports(anna, ben, hugo)


def _begin_imports(anna: Owner, ben: Owner, hugo: Owner) -> None:
    for owner, import_id, status in (
        (anna, "fakeimport1", ImportStatus.QUEUED),
        (anna, "fakeimport2", ImportStatus.WAITING),
        (ben, "fakeimport3", ImportStatus.QUEUED),
        (hugo, "fakeimport4", ImportStatus.QUEUED),
    ):
        begun = HistoryImport(owner, import_id, "history.json", NOON, status, started_at=NOON)
        Imports().put(begun)


def history() -> bytes:
    """A history of Spotify with a song, a podcast and a record that cannot be read."""
    song = {
        "ts": "2026-11-21T12:00:00Z",
        "ms_played": 200_000,
        "master_metadata_track_name": "Distant Shore",
        "master_metadata_album_artist_name": "The Lanterns",
        "reason_end": "trackdone",
    }
    podcast = {"ts": "2026-11-21T13:00:00Z", "ms_played": 200_000, "episode_name": "Episode 1"}
    return json.dumps([song, podcast, {"ts": "never", "ms_played": 1}]).encode()


def _connect(
    vault: Vault, owner: Owner, provider: str, grant: Grant, status: Status = Status.ACTIVE
) -> None:
    Timetable().add(GRID.entries(owner.key, provider, DAILY))
    Connections().put(
        Connection(
            owner=owner,
            provider=provider,
            sealed_grant=vault.seal(owner, provider, grant, now=NOON),
            status=status,
            connected_at=NOON - 9 * 86_400,
            status_since=NOON - 9 * 86_400,
            expires_at=grant.expires_at,
        )
    )


def _hold_token(vault: Vault, owner: Owner, token: str) -> None:
    made = hash_of_token(token)
    PersonalTokens().put(
        PersonalToken(
            token_hash=made,
            owner=owner,
            kind=Kind.TOKEN,
            name="Phone",
            created_at=NOON - 86_400,
            sealed_password=vault.seal(
                owner, f"personal_token#{made}", Grant(password_of(token)), now=NOON
            ),
        )
    )


def _await_confirmation(
    vault: Vault, owner: Owner, confirmation: str, provider: str, expires_at: int
) -> None:
    grant = Grant("fake-access-token-2", "fake-refresh-token-2", NOON + 3600, account="anna-1")
    PendingConnections().put(
        PendingConnection(
            confirmation_hash=hash_of(confirmation),
            owner=owner,
            provider=provider,
            sealed_grant=vault.seal(owner, provider, grant, now=NOON),
            expires_at=expires_at,
        )
    )


def _play(title: str, turn: int) -> Play:
    track = Track(
        track_id=f"fake{title.replace(' ', '')}",
        title=title,
        artists=("The Lanterns",),
        album="Harbour Lights",
        duration=200,
        url=f"https://open.spotify.com/track/fake{title.replace(' ', '')}",
        image="https://i.scdn.co/image/fake",
    )
    return Play("spotify", track, NOON - (turn + 1) * 86_400, Precision.END)


def _shake_hands(owner: Owner, state: str, provider: str, expires_at: int) -> None:
    Handshakes().put(
        Handshake(
            state_hash=hash_of(state),
            owner=owner,
            provider=provider,
            code_verifier="fake-verifier-0123456789012345678901234567890",
            redirect_uri=f"https://api.example/v1/oauth/{provider}/callback",
            return_to="https://harbor.example/accounts",
            expires_at=expires_at,
        )
    )
