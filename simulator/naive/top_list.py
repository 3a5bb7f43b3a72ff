"""The naive top list: adds up the counters of seven days at every read."""

from collections import Counter
from datetime import date, timedelta

from boto3.dynamodb.conditions import Key
from pydantic import BaseModel

from simulator.naive.tables import Tables


class Entry(BaseModel):
    song_id: str
    listens: int


def top_list(owner: str, tables: Tables, *, today: date, k: int = 10) -> list[Entry]:
    """The `k` most played songs of the seven days before `today`."""
    total: Counter[str] = Counter()
    for back in range(1, 8):
        day = f"{owner}#{today - timedelta(days=back):%Y-%m-%d}"
        answer = tables.counters.query(KeyConditionExpression=Key("owner_day").eq(day))
        for item in answer["Items"]:
            total[str(item["song_id"])] += int(str(item["listens"]))
    return [Entry(song_id=song, listens=listens) for song, listens in total.most_common(k)]
