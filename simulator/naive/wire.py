"""Spotify's responses as pydantic models."""

from datetime import datetime

from pydantic import BaseModel


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str | None = None
    scope: str | None = None


class Artist(BaseModel):
    id: str | None = None
    name: str


class Image(BaseModel):
    url: str
    width: int | None = None
    height: int | None = None


class Album(BaseModel):
    id: str | None = None
    name: str | None = None
    images: list[Image] = []


class ExternalIds(BaseModel):
    isrc: str | None = None


class ExternalUrls(BaseModel):
    spotify: str | None = None


class Track(BaseModel):
    id: str | None = None
    name: str
    artists: list[Artist]
    duration_ms: int = 0
    album: Album = Album()
    external_ids: ExternalIds = ExternalIds()
    external_urls: ExternalUrls = ExternalUrls()


class Listened(BaseModel):
    track: Track
    played_at: datetime


class Page(BaseModel):
    items: list[Listened]
    next: str | None = None
