"""The one botocore session of a process: each reads, and keeps in 5 MB, all that is known of AWS's
regions and of the services it makes clients of.
"""

from functools import lru_cache

from botocore.session import Session


@lru_cache(maxsize=1)
def aws_session() -> Session:
    return Session()
