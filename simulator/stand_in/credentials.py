"""What the stand-in's secrets hold, whichever provider they are of."""

CREDENTIALS = {
    "client_id": "fake-client-id",
    "client_secret": "fake-client-secret",
    "push_secret": "fake-push-secret-of-32-characters",
}
