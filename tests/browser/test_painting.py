"""How `topk first-list` reads what the widget measures."""

from playwright.sync_api import Browser

from cli.studies.pages.painting import first_lists
from cli.studies.pages.scene import Scene
from tests.browser.double import Double
from tests.browser.lists import top_list


def test_each_visitors_first_list_is_timed_in_its_own_session(
    server: Double, browser: Browser
) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list())
    server.page(
        "/people/ada",
        '<!doctype html><html lang="en"><title>Ada</title>'
        '<script type="module" src="/embed/top-songs.js"></script>'
        f'<top-songs api="{server.address}" user="ada"></top-songs></html>',
    )
    scene = Scene(server.address, "ada", {"session": "not-a-real-token"})
    visits: list[int] = []
    found = first_lists(browser, scene, times=2, painted=visits.append)
    assert visits == [1, 1]
    assert len(server.calls("GET /v1/public/users/ada/top")) == 4
    assert set(found) == {"first_visit", "coming_back"}
    for figures in found.values():
        assert 0 < figures["least"] <= figures["median"] <= figures["most"]
