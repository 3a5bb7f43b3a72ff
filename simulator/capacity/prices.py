"""The dated price table (prices.json)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PRICES = Path(__file__).with_name("prices.json")


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars by name; `dated` and `region` say when and where they were valid."""

    dated: str
    region: str
    usd: Mapping[str, float]
    origins: Mapping[str, str]

    def __getitem__(self, name: str) -> float:
        return self.usd[name]


def read_prices() -> Prices:
    table = json.loads(PRICES.read_text())
    rows = table["prices"]
    return Prices(
        table["dated"],
        table["region"],
        {name: row["usd"] for name, row in rows.items()},
        {name: row["from"] for name, row in rows.items()},
    )
