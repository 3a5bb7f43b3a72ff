"""Personal tokens, by their hash."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from topk.domain.account.personal_token import SHOWN_USE_SECONDS, Kind, PersonalToken
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.dynamodb.delete_partition import delete_all
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import PersonalTokenModel

_PAGE = 100


class PersonalTokens:
    """Raises StoreError where the table fails."""

    def put(self, token: PersonalToken) -> None:
        with translated("write personal token"):
            PersonalTokenModel(
                token.token_hash,
                owner=token.owner.key,
                kind=token.kind.value,
                name=token.name,
                created_at=token.created_at,
                last_used_at=token.last_used_at or None,
                parent=token.parent or None,
                sealed_password=token.sealed_password or None,
                latest_import=token.latest_import or None,
                expires_at=token.expires_at,
            ).save()

    def get(self, token_hash: str) -> PersonalToken | None:
        """As last written."""
        with translated("read personal token"):
            try:
                return _token(PersonalTokenModel.get(token_hash, consistent_read=True))
            except PersonalTokenModel.DoesNotExist:
                return None

    def of_owner(self, owner: Owner) -> list[PersonalToken]:
        """All of `owner`, oldest first; one written a moment ago may be missing."""
        with translated("read personal tokens"):
            keys = [row.token_hash for row in PersonalTokenModel.by_owner.query(owner.key)]
            found = [_token(row) for row in PersonalTokenModel.batch_get(keys)]
        return sorted(found, key=lambda one: (one.created_at, one.token_hash))

    def delete(self, token_hash: str, owner: Owner) -> bool:
        """Whether there was one of `owner`, which no other call deleted."""
        try:
            with translated("delete personal token"):
                PersonalTokenModel(token_hash).delete(
                    condition=PersonalTokenModel.owner == owner.key
                )
        except ConflictError:
            return False
        return True

    def note_use(self, token_hash: str, *, now: int) -> None:
        """Writes nothing if a use was noted within SHOWN_USE_SECONDS, or the token is gone."""
        row, used = PersonalTokenModel(token_hash), PersonalTokenModel.last_used_at
        unnoted = used.does_not_exist() | (used <= now - SHOWN_USE_SECONDS)
        with suppress(ConflictError), translated("note use of personal token"):
            row.update(
                actions=[used.set(now)],
                condition=PersonalTokenModel.token_hash.exists() & unnoted,
            )

    def note_import(self, token_hash: str, *, latest: int) -> None:
        """Keeps the latest of all that were noted."""
        row, known = PersonalTokenModel(token_hash), PersonalTokenModel.latest_import
        with suppress(ConflictError), translated("note import of personal token"):
            row.update(
                actions=[known.set(latest)],
                condition=PersonalTokenModel.token_hash.exists()
                & (known.does_not_exist() | (known < latest)),
            )

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases the owner's tokens; yields after each page."""
        rows = iter(PersonalTokenModel.by_owner.query(owner.key))
        with translated("read personal tokens"):
            while page := list(islice(rows, _PAGE)):
                yield delete_all(PersonalTokenModel, page)


def _token(row: PersonalTokenModel) -> PersonalToken:
    return PersonalToken(
        token_hash=row.token_hash,
        owner=Owner.parse(row.owner),
        kind=Kind(row.kind),
        name=row.name,
        created_at=int(row.created_at),
        last_used_at=int(row.last_used_at or 0),
        parent=row.parent or "",
        sealed_password=row.sealed_password or "",
        latest_import=int(row.latest_import or 0),
        expires_at=None if row.expires_at is None else int(row.expires_at),
    )
