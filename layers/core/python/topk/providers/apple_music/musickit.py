"""The page in the user's browser on which Apple's own script obtains the user's token."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MusicKitPage:
    """What the consent page needs.

    It loads `script_url`, configures MusicKit with `developer_token`, and posts `state` and the
    token that `authorize()` gives, as `music_user_token`, to `post_to`; or `state` and
    `error=access_denied` where the user declines.
    """

    script_url: str
    developer_token: str = field(repr=False)
    state: str
    post_to: str
