"""The design document follows its template and names only what exists."""

import re

import pytest
import typer

from cli.main import app
from infra_cdk.data.tables import SCHEMAS
from infra_cdk.functions.declarations import SPECS
from tests.synthesis import ROOT

DOCS = ROOT / "docs"
TEXT = (DOCS / "design.md").read_text(encoding="utf-8")
# The headings of the design template that this document follows, and the fields of a component.
TEMPLATE = {
    "1. Overview": ("1.1 Summary", "1.2 Background and context"),
    "2. Problem statement": (),
    "3. Goals and non-goals": ("3.1 Goals", "3.2 Non-goals"),
    "4. Requirements": (
        "4.1 Functional requirements",
        "4.2 Non-functional requirements",
        "4.3 Entities",
    ),
    "5. High-level architecture": ("5.1 Architecture diagram", "5.2 Data flow"),
    "6. Detailed component design": ("6.1 Component: connect",),
    "7. Data model and schema design": (
        "7.1 Logical data model",
        "7.2 Physical storage layout",
        "7.3 Schema evolution",
    ),
    "8. Consistency, concurrency, and ordering": (),
    "9. Scalability and performance analysis": (
        "9.1 Bottleneck analysis",
        "9.2 Capacity estimates",
        "9.3 Load handling",
    ),
    "10. Reliability and fault tolerance": (
        "10.1 Failure scenarios",
        "10.2 Recovery mechanisms",
        "10.3 Disaster recovery",
    ),
    "11. Security and privacy": (),
    "12. Observability": (),
    "13. Testing strategy": (
        "13.1 Unit tests",
        "13.2 Integration tests",
        "13.3 Load and stress testing",
        "13.4 Failure injection",
    ),
    "14. Deployment and rollout plan": (),
    "15. Migration plan: from pull to push": (
        "15.1 Pull only",
        "15.2 Dual writes: push beside pull",
        "15.3 Shadow reads: push with pull as a safety net",
        "15.4 Cutover and back",
    ),
    "16. Risks and mitigations": (),
    "17. Open questions": (),
    "18. Future improvements": (),
    "Appendix A: Diagrams": (),
    "Appendix B: Benchmarks": (),
    "Appendix C: Glossary": (),
}
FIELDS = (
    "Responsibilities",
    "Does not own",
    "Interfaces",
    "Algorithm",
    "State",
    "Storage",
    "Scaling",
    "Failure handling",
    "Alternatives",
    "Downsides",
    "Revisit if",
)
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _parts(level: str) -> dict[str, str]:
    parts = re.split(rf"^{level} (.*)\n", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_headings_follow_the_template_in_order() -> None:
    assert list(_parts("##")) == list(TEMPLATE)
    for section, subsections in TEMPLATE.items():
        found = [heading for heading in _parts("###") if heading in subsections]
        assert found == list(subsections), section


def test_no_section_is_empty() -> None:
    sections = _parts("##")
    assert all(text.split() for text in sections.values())
    short = [name for name, text in sections.items() if len(text.split()) <= 30]
    assert [name for name in short if not name.startswith("Appendix")] == []


COMPONENTS = {
    name: re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0]
    for name, text in _parts("###").items()
    if name.startswith("6.")
}


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_has_every_field_of_the_template(component: str) -> None:
    missing = [field for field in FIELDS if f"**{field}**:" not in COMPONENTS[component]]
    assert missing == []


@pytest.mark.parametrize("function", SPECS)
def test_every_function_is_a_component(function: str) -> None:
    words = {word for name in COMPONENTS for word in re.split(r"\W+", name)}
    assert function in words


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_table_is_in_the_data_model(table: str) -> None:
    assert re.search(rf"\b{table}\b", _parts("##")["7. Data model and schema design"])


def test_links_and_commands_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (DOCS / target).exists(), target
    for path in re.findall(r"(?:tests|docs)/[\w/]+\.(?:py|md)", TEXT):
        assert (ROOT / path).is_file(), path
    assert set(re.findall(r"`topk ([a-z-]+)", TEXT)) <= COMMANDS
