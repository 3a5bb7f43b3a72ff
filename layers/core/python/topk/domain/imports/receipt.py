"""The receipt of an import: what became of each record of its files."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from topk.domain.imports.reading import NOT_SONGS, UNREADABLE, Fault, Left

MOST_EXAMPLES = 3
"""Of each kind."""
LONGEST_EXAMPLE = 200
MOST_LISTED_FILES = 50


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """`records` of one file that were read, and why the rest was not, if there is one."""

    name: str
    format: str
    records: int = 0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`new` records brought plays; `left` counts the others by reason, `read` is all together.

    `examples` describe the first records of each reason that a person may want to look at.
    """

    read: int = 0
    new: int = 0
    left: Mapping[Left, int] = field(default_factory=dict)
    examples: Mapping[Left, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[FileReceipt, ...] = ()
    files_read: int = 0
    """Those in `files`, and those that are too many to be listed."""
    files_ignored: int = 0
    """Files of an archive that are no listening history."""

    @property
    def adds_up(self) -> bool:
        return self.read == self.new + sum(self.left.values())

    def total(self, kinds: tuple[Left, ...]) -> int:
        return sum(self.left.get(kind, 0) for kind in kinds)

    @property
    def not_songs(self) -> int:
        return self.total(NOT_SONGS)

    @property
    def unreadable(self) -> int:
        return self.total(UNREADABLE)

    def with_records(
        self, new: int, left: Counter[Left], examples: Mapping[Left, str]
    ) -> "Receipt":
        """With a block of records, of which `examples` has one of each kind."""
        shown = dict(self.examples)
        for kind, example in examples.items():
            known = shown.get(kind, ())
            cut = example[:LONGEST_EXAMPLE]
            if kind in UNREADABLE and cut and len(known) < MOST_EXAMPLES and cut not in known:
                shown[kind] = (*known, cut)
        return replace(
            self,
            read=self.read + new + left.total(),
            new=self.new + new,
            left=dict(Counter(self.left) + left),
            examples=shown,
        )

    def with_file(self, done: FileReceipt) -> "Receipt":
        """With the result of one more file. Its records were counted already."""
        listed = len(self.files) < MOST_LISTED_FILES
        files = (*self.files, done) if listed else self.files
        return replace(self, files=files, files_read=self.files_read + 1)
