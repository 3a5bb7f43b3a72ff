"""Warnings about providers' terms that a tenant has not decided on."""

from typing import Any

import pytest

from cli.provider_terms import show_warnings, warnings


def _context(**tenant: Any) -> dict[str, Any]:
    known = {
        "issuer": "https://id.example",
        "audience": "topk",
        "return_urls": ["https://app.example/"],
        "web_origins": ["https://app.example"],
    }
    tenants = {"harbor": known | tenant}
    return {"providers": {"spotify": {}, "lastfm": {}}, "stages": {"live": {"tenants": tenants}}}


def test_an_undecided_tenant_is_warned_about_each_provider_that_restricts_mixing() -> None:
    (warning,) = warnings("live", _context())
    assert warning.startswith("live.harbor: the terms of spotify restrict mixing")


@pytest.mark.parametrize("choice", ["accepted", "off"])
def test_a_decision_ends_the_warning(choice: str) -> None:
    assert list(warnings("live", _context(mixing={"spotify": choice}))) == []


def test_a_tenant_that_does_not_offer_the_provider_has_nothing_to_decide() -> None:
    assert list(warnings("live", _context(providers=["lastfm"]))) == []


def test_warnings_are_printed_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    show_warnings("staging")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert all(line.startswith("warning: staging.") for line in shown.err.splitlines())
    assert "restrict mixing" in shown.err
