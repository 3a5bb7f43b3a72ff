"""Equal plays give the same chunk, in whatever order they come."""

import json
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, NOON
from topk.domain.chunk import compacted, pushed
from topk.domain.play import Play, Precision, Track

words = st.text(max_size=3) | st.sampled_from(["Dawn", 'a"\\\n', "夜に", "\ud800"])
tracks = st.builds(
    Track, words, words, st.tuples(words) | st.tuples(words, words), duration=st.integers(0, 300)
)
plays = st.builds(
    Play, st.just("spotify"), tracks, st.integers(NOON, NOON + 5), st.sampled_from(Precision)
)


@given(st.lists(plays, min_size=1, max_size=8))
def test_a_chunk_is_named_by_the_json_of_its_plays(told: list[Play]) -> None:
    ordered = tuple(sorted(set(told)))
    name = blake2b(json.dumps(ordered).encode(), digest_size=10).hexdigest()
    again = [*told[::-1], *told]
    assert pushed(ANNA, "spotify", again).crawl_id == name
    [whole] = compacted(ANNA, [(NOON, tuple(again))], through=NOON + 9)
    assert (whole.crawl_id, whole.plays) == (name, ordered)
