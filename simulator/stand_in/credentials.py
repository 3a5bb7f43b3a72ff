"""The stand-in's credentials, the same for every provider."""

CREDENTIALS = {
    "client_id": "fake-client-id",
    "client_secret": "fake-client-secret",
    "push_secret": "fake-push-secret-of-32-characters",
}
