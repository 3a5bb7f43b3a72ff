"""Writes docs/compliance.md from the table of providers' policies.

`.venv/bin/python -m tests.docs.compliance`
"""

from collections.abc import Iterator
from pathlib import Path

from topk.domain.privacy.provider_policies import POLICIES, ProviderPolicy

PAGE = Path(__file__).parents[2] / "docs" / "compliance.md"
_MEASURES = {
    "deletion on disconnect": (
        "where the terms demand it, disconnecting deletes the provider's plays, whatever "
        "the request says; the accounts page says so"
    ),
    "mixing": (
        "where the terms restrict it, each tenant decides: `mixing.<provider>` in cdk.json "
        "is `accepted` or `off`. Undecided, plays are mixed, and every deployment prints a "
        "warning"
    ),
    "mixing off": (
        "the list of a user who has connected no other account is of that provider alone; "
        "in any other list its plays are left out ([ADR "
        "0102](adr/0102-show-a-provider-alone-or-not-at-all-where-it-must-not-be-mixed.md))"
    ),
    "keeping": "plays expire after a year, in the archive after 400 days",
    "attribution": (
        "the widget links to the providers of the songs it shows. It ships no logos: a host "
        "that accepted a provider's guidelines adds the mark"
    ),
    "tokens": "deleted on disconnect, and revoked where the provider offers it",
}
_HEAD = """\
# Providers' terms

What each provider's terms say about the data that the service shows, and what the service does
about it. Written by `.venv/bin/python -m tests.docs.compliance` from
`layers/core/python/topk/domain/privacy/provider_policies.py`; a test compares the two. These are
facts in our own words, and no legal advice: the sources bind. Compare them again before a launch
and once a quarter, and change the table with its dates.

## What the service does

{measures}

A user who withdraws consent at the provider has not disconnected: the refusal may be an outage.
The account asks to be connected again, and its plays expire with the retention.

| provider | deletes plays on disconnect | restricts mixing | attribution | logo |
|---|---|---|---|---|
"""


def page() -> str:
    rows = "".join(f"{_row(name, policy)}\n" for name, policy in POLICIES.items())
    measures = "\n".join(f"| {what} | {how} |" for what, how in _MEASURES.items())
    head = _HEAD.format(measures=f"| | how |\n|---|---|\n{measures}")
    return f"{head}{rows}\n" + "\n".join(_section(*one) for one in POLICIES.items()) + _PARTNERS


_PARTNERS = """
## Partners

A partner's contract decides. By default its plays stay when it is disconnected, and may be mixed.
"""


def _row(name: str, policy: ProviderPolicy) -> str:
    known = policy.attribution
    cells = (
        f"`{name}`",
        _yes(policy.deletes_on_disconnect),
        _yes(policy.restricts_mixing),
        f"[{known.text}](https://{known.address})",
        known.logo or "none",
    )
    return f"| {' | '.join(cells)} |"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _section(name: str, policy: ProviderPolicy) -> str:
    return "\n".join((f"## {policy.attribution.text}", "", *_lines(policy), ""))


def _lines(policy: ProviderPolicy) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for label in ("mixing", "keeping", "showing", "deletion"):
        yield f"| {label} | {getattr(policy, label)} |"
    yield f"| what follows | {policy.follows} |"
    sources = "; ".join(f"<https://{one.address}> ({one.seen})" for one in policy.sources)
    yield f"| sources | {sources} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
