"""The design document is whole, and names nothing that is not there."""

import re

import pytest
import typer

from cli.main import app
from infra_cdk.data.tables import SCHEMAS
from infra_cdk.functions.declarations import SPECS
from tests.synthesis import ROOT

DOCS = ROOT / "docs"
TEXT = (DOCS / "design.md").read_text(encoding="utf-8")
SECTIONS = (
    "Overview",
    "Problem",
    "Goals and non-goals",
    "Requirements",
    "Architecture",
    "Components",
    "Data model and evolution",
    "Consistency and ordering",
    "Scalability",
    "Reliability and disaster recovery",
    "Security and privacy",
    "Observability",
    "Testing",
    "Deployment and rollout",
    "Migration from pull to push",
    "Risks",
    "Open questions",
    "Future work",
)
ASKED = (
    "Responsible for",
    "Does not own",
    "Interfaces",
    "Algorithm",
    "State",
    "Storage",
    "Scaling",
    "Failures",
    "Trade-offs",
    "Revisit if",
)
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _parts(level: str) -> dict[str, str]:
    parts = re.split(rf"^{level} (.*)\n", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_section_is_there_in_order_and_none_is_empty() -> None:
    sections = _parts("##")
    numbered = [f"{number}. {name}" for number, name in enumerate(SECTIONS, 1)]
    assert list(sections) == [*numbered, "Appendices"]
    assert all(len(text.split()) > 30 for text in sections.values())


COMPONENTS = {
    name: re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0]
    for name, text in _parts("###").items()
    if name.startswith("6.")
}


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_answers_all_that_is_asked_of_one(component: str) -> None:
    told = COMPONENTS[component].lower().replace("*", "")
    missing = [asked for asked in ASKED if asked.lower() not in told]
    assert missing == []


@pytest.mark.parametrize("function", SPECS)
def test_every_function_is_a_component(function: str) -> None:
    words = {word for name in COMPONENTS for word in re.split(r"\W+", name)}
    assert function in words


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_table_is_in_the_data_model(table: str) -> None:
    assert re.search(rf"\b{table}\b", _parts("##")["7. Data model and evolution"])


def test_links_and_commands_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (DOCS / target).exists(), target
    for path in re.findall(r"(?:tests|docs)/[\w/]+\.(?:py|md)", TEXT):
        assert (ROOT / path).is_file(), path
    assert set(re.findall(r"`topk ([a-z-]+)", TEXT)) <= COMMANDS
