"""google-auth-oauthlib and google-api-python-client: consent, and exports of the watch history.

The API is called through the discovery document `dataportability.v1` that the client brings.
"""

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any

import listener
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

RESOURCE = "myactivity.youtube"
SCOPE = f"https://www.googleapis.com/auth/dataportability.{RESOURCE}"
TOKEN_URI = "https://oauth2.googleapis.com/token"
AUTH_URI = "https://accounts.google.com/o/oauth2/auth"
"""What a client's secrets name, as the Google Cloud console hands them out."""


def connect(app: dict[str, str], account: str, pkce: bool = True, term: str = "180 days") -> Any:
    """Credentials as the client stores them, after consent for that `term`."""
    secrets = {
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "auth_uri": AUTH_URI,
        "token_uri": TOKEN_URI,
    }
    flow = Flow.from_client_config(
        {"web": secrets},
        scopes=[SCOPE],
        redirect_uri=app["redirect_uri"],
        autogenerate_code_verifier=pkce,
    )
    url, state = flow.authorization_url(access_type="offline")
    back = listener.answer(url, account, term=term)
    token = flow.fetch_token(authorization_response=back)
    return {
        "stored": json.loads(flow.credentials.to_json()),
        "expires_in": token["expires_in"],
        "consent_seconds": token.get("refresh_token_expires_in"),
        "state_came_back": f"state={state}" in back,
    }


def refresh(stored: dict[str, Any]) -> Any:
    """A new access token for stored credentials, or why there is none."""
    credentials = Credentials.from_authorized_user_info(stored)
    try:
        credentials.refresh(Request())
    except RefreshError as refused:
        return {"error": refused.args[1]["error"], "description": refused.args[0]}
    return {"token": credentials.token, "refresh_token": credentials.refresh_token}


def initiate(stored: dict[str, Any], **span: str) -> Any:
    body = {"resources": [RESOURCE], **span}
    return _tried(lambda: _api(stored).portabilityArchive().initiate(body=body).execute())


def state(stored: dict[str, Any], job: str) -> Any:
    jobs = _api(stored).archiveJobs()
    name = f"archiveJobs/{job}/portabilityArchiveState"
    return _tried(lambda: jobs.getPortabilityArchiveState(name=name).execute())


def cancel(stored: dict[str, Any], job: str) -> Any:
    jobs = _api(stored).archiveJobs()
    return _tried(lambda: jobs.cancel(name=f"archiveJobs/{job}", body={}).execute())


def retry(stored: dict[str, Any], job: str) -> Any:
    jobs = _api(stored).archiveJobs()
    return _tried(lambda: jobs.retry(name=f"archiveJobs/{job}", body={}).execute())


def reset(stored: dict[str, Any]) -> Any:
    return _tried(lambda: _api(stored).authorization().reset(body={}).execute())


def check(stored: dict[str, Any]) -> Any:
    return _tried(lambda: _api(stored).accessType().check(body={}).execute())


def download(urls: list[str]) -> Any:
    """The files of the archives with their records, read as Google's quickstart does."""
    files: dict[str, Any] = {}
    for url in urls:
        with urllib.request.urlopen(url) as answer:
            archive = zipfile.ZipFile(io.BytesIO(answer.read()))
        files |= {
            info.filename: json.loads(archive.read(info))
            for info in archive.infolist()
            if "My Activity" in info.filename
        }
    return files


def _api(stored: dict[str, Any]) -> Any:
    credentials = Credentials.from_authorized_user_info(stored)
    return build("dataportability", "v1", credentials=credentials)


def _tried(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except RefreshError as refused:
        # A refused access token is renewed by the client itself, in vain here.
        return {"error": refused.args[1]["error"]}
    except HttpError as refused:
        return {
            "status": refused.status_code,
            "reason": refused.reason,
            "details": refused.error_details,
        }
