"""The report: one HTML file that contains all charts and tables."""

import base64
from collections.abc import Mapping, Sequence
from html import escape

from simulator.capacity.report.sheets import Sheet, share
from simulator.capacity.study import Study

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#222;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{font-size:1.2rem;margin-top:2.5rem}
img{display:block;max-width:100%;height:auto;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.86rem;width:100%}
td+td{white-space:nowrap}
th,td{padding:.35rem .6rem;border-bottom:1px solid #e3e3e3;text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #8c8c8c}
p.note{color:#555;font-size:.86rem}p.answer{font-size:1.1rem;border-left:4px solid #0072b2;
padding:.2rem 0 .2rem 1rem}
"""
_CAPTIONS = {
    "environments": "Lambda environments over the day",
    "queues": "Crawls waiting after an incident",
    "ages": "Age of the data",
    "levers": "When a provider's budget is too small",
    "costs": "Dollars a day",
}


def report(study: Study, sheets: Sequence[Sheet], drawings: Mapping[str, bytes]) -> str:
    """The report as HTML. `drawings` maps chart names to SVG."""
    body = [
        "<h1>Can everyone be crawled every day, with how many workers, at what cost?</h1>",
        f'<p class="answer">{escape(headline(study))}</p>',
        _table(sheets[0]),
        *(_picture(name, svg) for name, svg in drawings.items()),
        *(_table(sheet) for sheet in sheets[1:]),
        _table(_inputs(study)),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Capacity</title><style>{_STYLE}</style></head><body>"
        f"{''.join(body)}</body></html>\n"
    )


def headline(study: Study) -> str:
    """The answer in two sentences, from the first scenario."""
    one, costs = study.answers[0], study.costs[0]
    busy = sum(each.concurrency_mean for each in one.providers)
    peak = sum(each.concurrency_peak for each in one.providers)
    return (
        f"In the scenario {one.name} ({one.says}), {one.crawls_done / 1e6:.1f}M crawls a day, "
        f"{share(one.fresh)} of the connections were crawled within the past 24 h. It takes "
        f"{busy:.0f} Lambda environments on average, {peak} at the peak, and "
        f"${costs.provisioned:,.0f} a day with provisioned DynamoDB, ${costs.on_demand:,.0f} on "
        "demand."
    )


def _picture(name: str, svg: bytes) -> str:
    data = base64.b64encode(svg).decode()
    return f'<img alt="{_CAPTIONS[name]}" src="data:image/svg+xml;base64,{data}">'


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in sheet.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in sheet.rows
    )
    note = f'<p class="note">{escape(sheet.note)}</p>' if sheet.note else ""
    return (
        f'<h2>{escape(sheet.title)}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


def _inputs(study: Study) -> Sheet:
    inputs = study.trace.inputs
    return Sheet(
        "Inputs of the simulation",
        ("figure", "value", "from"),
        [
            (name.replace("_", " "), f"{getattr(inputs, name):,}", origin)
            for name, origin in inputs.origins.items()
        ],
        f"Seed {study.seed}, {study.trace.days} days. Latencies and calls of the providers: "
        "simulator/capacity/providers.py. Kinds of owners: simulator/capacity/population.py.",
    )
