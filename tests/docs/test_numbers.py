"""Every number with a unit in a document is generated, checked here, or has a source."""

import re
from pathlib import Path

import pytest

from functions.crawl.report import LATE_SECONDS
from functions.export.delivery import INLINE_BYTES
from infra_cdk.data.archive import KEPT_DAYS
from infra_cdk.data.tables import TARGET_PERCENT
from infra_cdk.functions.declarations import SPECS
from infra_cdk.monitoring.objectives import (
    LATE_PERCENT,
    READ_MILLISECONDS,
    SLOW_PERCENT,
    UNAVAILABLE_PERCENT,
)
from infra_cdk.pipelines import aggregation, archiving
from infra_cdk.pipelines.queues import LONGEST_RETENTION_DAYS
from simulator.capacity import simulation
from simulator.capacity.gate import PAUSE_SECONDS, WINDOW_SECONDS
from simulator.capacity.inputs import read_inputs
from simulator.capacity.report.source_design import (
    CRAWLS_A_DAY,
    PLAYS_A_DAY,
    WORKER_GB,
)
from tests.docs.numbers import numbers
from tests.synthesis import ROOT
from topk.domain.account.handshake import LIFETIME_SECONDS
from topk.domain.crawl.push_coverage import LEAST_AGREEING
from topk.domain.limits import (
    LARGEST_BODY,
    LARGEST_DELIVERY_BODY,
    LARGEST_EDGES_BODY,
    LARGEST_IMPORT,
    LARGEST_PEOPLE_BODY,
    LARGEST_PROVIDER_ANSWER,
    REQUEST_SECONDS,
)
from topk.domain.play_rule import STANDARD
from topk.domain.privacy.erasure import KEPT_SECONDS
from topk.domain.toplist.merge import LEAST_PLAY_SECONDS, SKEW_SECONDS, UNKNOWN_DURATION_SECONDS
from topk.providers.http.answer import RETRY_DEFAULT_SECONDS
from topk.providers.http.transport import TOTAL_SECONDS
from topk.providers.youtube.adapter import EARLY_SECONDS, EXPORT_EVERY_SECONDS
from topk.runtime.provider_directory import CREDENTIAL_SECONDS
from topk.stores.queues.crawl_queues import MAX_DELAY_SECONDS

_WEB = (ROOT / "web" / "src" / "widget" / "loading.ts").read_text(encoding="utf-8")
_API = (ROOT / "web" / "src" / "api" / "api.ts").read_text(encoding="utf-8")
_STAGES = (ROOT / "cdk.json").read_text(encoding="utf-8")
_INPUTS = read_inputs(Path("none"), Path("none"))
_DAY = 86_400


def _web(text: str, constant: str) -> int:
    (value,) = re.findall(rf"const {constant} = ([\d_]+);", text)
    return int(value)


# Figure -> the constants of the code, in seconds, bytes, or as plain numbers.
CHECKED: dict[str, list[float]] = {
    "95%": [100 * LEAST_AGREEING],
    "80%": [TARGET_PERCENT],
    "512 MB": [SPECS["read"].megabytes * 1e6],
    "4 minutes": [STANDARD.enough_seconds],
    "0.1%": [UNAVAILABLE_PERCENT],
    "0.5%": [100 * _INPUTS.failures],
    "1 MB": [INLINE_BYTES],
    "1 MiB": [LARGEST_DELIVERY_BODY],
    "1%": [SLOW_PERCENT, LATE_PERCENT],
    "1.05B": [PLAYS_A_DAY],
    "10 minutes": [LIFETIME_SECONDS],
    "10 s": [SKEW_SECONDS],
    "10%": [50 / 500 * 100],
    "12 MiB": [LARGEST_PROVIDER_ANSWER],
    "14 days": [LONGEST_RETENTION_DAYS * _DAY],
    "15 minutes": [
        MAX_DELAY_SECONDS,
        SPECS["purge"].seconds,
        CREDENTIAL_SECONDS,
        aggregation.LATE_MINUTES * 60,
    ],
    "15 seconds": [TOTAL_SECONDS],
    "16 KiB": [LARGEST_BODY],
    "2 GiB": [LARGEST_IMPORT],
    "2 s": [simulation.STEP_SECONDS],
    "20 s": [_web(_API, "PATIENCE_MS") / 1000],
    "200 ms": [READ_MILLISECONDS / 1000],
    "24 hours": [EXPORT_EVERY_SECONDS],
    "25 hours": [EXPORT_EVERY_SECONDS + EARLY_SECONDS],
    "26 hours": [LATE_SECONDS],
    "3 s": [_web(_WEB, "SLOW_MS") / 1000],
    "30 days": [KEPT_SECONDS],
    "30 s": [PAUSE_SECONDS, WINDOW_SECONDS, simulation.RETRY_SECONDS, LEAST_PLAY_SECONDS],
    "300 MB": [WORKER_GB * 1e9],
    "35 days": [float(days) * _DAY for days in re.findall(r'"retention_days": (\d+)', _STAGES)],
    "35M": [CRAWLS_A_DAY / 2],
    "400 days": [KEPT_DAYS * _DAY],
    "5 s": [_web(_WEB, "WAIT_SECONDS")],
    "50M": [_INPUTS.users],
    "256 KiB": [LARGEST_PEOPLE_BODY],
    "512 KiB": [LARGEST_EDGES_BODY],
    "60 seconds": [RETRY_DEFAULT_SECONDS],
    "70%": [CRAWLS_A_DAY / 2 / _INPUTS.users * 100],
    "70M": [CRAWLS_A_DAY],
    "90 s": [UNKNOWN_DURATION_SECONDS],
    "90 days": [REQUEST_SECONDS],
    "99%": [100 - SLOW_PERCENT, 100 - LATE_PERCENT],
    "99.9%": [100 - UNAVAILABLE_PERCENT],
}

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
# Figure -> where it comes from, for facts that no code of ours decides, and the requirements.
SOURCES = {
    "12 hours": f"{_SQS}/sqs-visibility-timeout.html",
    "15 months": "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "cloudwatch_concepts.html",
    "30 seconds": "https://www.last.fm/api/scrobbling",
    "300 pixels": "requested of partners, not enforced",
    "360 pixels": "tests/browser/test_pages.py sets the width of its phone",
    "400 KB": "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
    "500M": "requirement: users of the host app, and profile reads a day",
    "3 GB": "requirements/setup.sh checks the free space",
    "7 days": "requirement: the window; also tests/providers/test_partner_wire.py",
}

_SCALE = {
    "ms": 1e-3,
    "s": 1,
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": _DAY,
    "MB": 1e6,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "M": 1e6,
    "B": 1e9,
    "%": 1,
}
DOCUMENTS = [
    path
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    )
    if path.name not in {"figures.md", "quotas.md"}
]


def _value(figure: str) -> float:
    found = re.fullmatch(r"([\d.,]+)\s?(\D+)", figure)
    assert found is not None
    number, unit = found.groups()
    return float(number.replace(",", "")) * _SCALE[unit if unit in _SCALE else unit.rstrip("s")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_numbers_with_units_are_checked_or_have_a_source(path: Path) -> None:
    stated = set(numbers(path.read_text(encoding="utf-8")))
    assert stated - set(CHECKED) - set(SOURCES) == set()


@pytest.mark.parametrize("figure", CHECKED)
def test_a_stated_number_is_that_of_the_code(figure: str) -> None:
    assert CHECKED[figure]
    assert CHECKED[figure] == pytest.approx([_value(figure)] * len(CHECKED[figure]))


def test_the_archive_alarm_fires_after_an_hour() -> None:
    assert archiving.LATE_MINUTES == 60, "docs/runbooks/archive-behind.md: an hour"


def test_no_entry_is_left_of_a_number_that_no_document_states() -> None:
    stated = {figure for path in DOCUMENTS for figure in numbers(path.read_text(encoding="utf-8"))}
    assert set(CHECKED) | set(SOURCES) <= stated


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It takes 15 minutes.", ["15 minutes"]),
        ("At $1,200 a day, 70M crawls and 3.5 KB.", ["$1,200", "70M", "3.5 KB"]),
        ("A p99 of 200 ms, 99.9% of 810 a second.", ["200 ms", "99.9%", "810 a second"]),
        ("M/M/1, M/E/1 and 3 providers, RFC 6749, 404", []),
        ("`15 minutes` and\n```\n15 ms\n```\n", []),
        ("<!-- figures: x -->\n3 ms\n<!-- /figures -->\n", []),
    ],
)
def test_numbers_are_found_with_their_units(text: str, found: list[str]) -> None:
    assert list(numbers(text)) == found
