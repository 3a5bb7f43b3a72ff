"""Songs and providers that the calling user has hidden."""

from functools import partial

from functions.account.wiring import accounts
from topk.domain.privacy.hidden import Hidden, providers_named, songs_named
from topk.runtime.api import Answer, Request
from topk.usecases.lists.aggregate import aggregate
from topk.usecases.privacy.hide import Hiding, hide, unhide
from topk.usecases.privacy.read_hidden import read_hidden


def show_hidden(request: Request) -> Answer:
    parts = accounts()
    found = read_hidden(
        request.user, profiles=parts.profiles, top_lists=parts.top_lists, plays=parts.plays
    )
    songs = [
        {"song_id": name, "title": told and told[0], "singers": told[1] if told else []}
        for name, told in found.songs.items()
    ]
    return Answer(body={"songs": songs, "providers": found.providers})


def hide_song(request: Request) -> Answer:
    return _hide(request, _song(request))


def show_song(request: Request) -> Answer:
    return _unhide(request, _song(request))


def hide_provider(request: Request) -> Answer:
    return _hide(request, _provider(request))


def show_provider(request: Request) -> Answer:
    return _unhide(request, _provider(request))


def _hide(request: Request, names: Hidden) -> Answer:
    hide(request.user, names, using=_using(request), now=request.now)
    return Answer(204)


def _unhide(request: Request, names: Hidden) -> Answer:
    unhide(request.user, names, using=_using(request))
    return Answer(204)


def _song(request: Request) -> Hidden:
    return Hidden(songs=songs_named(request.path["song_id"]))


def _provider(request: Request) -> Hidden:
    return Hidden(providers=providers_named(request.path["provider"]))


def _using(request: Request) -> Hiding:
    parts = accounts()
    remake = partial(aggregate, request.user, parts.lists, now=request.now)
    return Hiding(parts.plays, parts.profiles, parts.top_lists, remake)
