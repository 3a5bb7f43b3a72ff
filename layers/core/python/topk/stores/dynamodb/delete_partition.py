"""Delete all rows of a partition."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pynamodb.models import Model

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

_PAGE = 100


def erase_partition(model: type[Model], owner: Owner) -> Iterator[int]:
    """Delete the rows of `owner` in the table of `model`; yields the number after each page.

    Raises StoreError if the table fails; earlier pages stay deleted.
    """
    keys = [name for name in (model._hash_keyname, model._range_keyname) if name]  # noqa: SLF001
    with translated("erase rows"):
        rows = iter(model.query(owner.key, attributes_to_get=keys, consistent_read=True))
        while page := list(islice(rows, _PAGE)):
            yield delete_all(model, page)


def delete_all(model: type[Model], rows: Sequence[Model]) -> int:
    """Delete `rows`, given by their keys; returns their number."""
    with translated("erase rows"), model.batch_write() as batch:
        for row in rows:
            batch.delete(row)
    return len(rows)
