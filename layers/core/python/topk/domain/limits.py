"""Every limit on what comes from outside and on what is stored for one user.

The table in docs/security.md names them with what happens above each, and a test compares the two.
A `MOST_` counts things, a `LONGEST_` characters, a `LARGEST_` bytes.
"""

# A listen, as a provider reports it. One that is beyond these is left out and counted.
LONGEST_NAME = 1000
"""A title, an artist's name, an album, an id or an account name."""
LONGEST_ADDRESS = 2000
"""A link or a cover's address."""
MOST_ARTISTS = 100
MOST_LISTENS = 1000
"""In a page of a partner, and in one delivery."""
LARGEST_PROVIDER_ANSWER = 12 * 1024 * 1024
"""Beyond any page, and so large that one absurd item does not cost the page it is in."""

# A song of a list, as it is stored and shown. Text is cut and what is too much is left out, so that
# a page of the feed (20 lists of 30 songs) stays within the 6 MB of a Lambda answer.
LARGEST_TITLE = 256
LARGEST_NAMES = 300
"""All singers of a song together, and all its albums together."""
MOST_NAMES = 20
"""Singers of a song, and its albums."""
LARGEST_ADDRESS = 512
MOST_SONG_IDS = 40
"""Further ids of a song that an ISRC joins to it."""

# A list.
MOST_SONGS = 50
"""The largest `k` that can be asked for; also of artists and albums."""
MOST_KEPT_SONGS = 30
"""Songs of the list of seven days that is kept for each owner, and so the largest `k` of feeds. A
row of as many costs three write units, of fifty five.
"""
MOST_LISTS = 50
"""Lists of others in one call. With 30 songs each they stay within the 6 MB of a Lambda answer."""
MOST_REPORTS = 50_000
"""What a list is made of. A week of thirty-second songs without a pause is 20,160."""
MOST_LONG_REPORTS = 100_000
"""What a list is made of that is built when somebody asks for it: 270 plays a day for a year."""

# A request.
LARGEST_BODY = 16_384
"""Where a route does not say otherwise."""
LARGEST_EDGES_BODY = 524_288
"""Two ids of the longest kind and what goes around them, for each of the most changes."""
LARGEST_DELIVERY_BODY = 1_048_576
LARGEST_SCROBBLES_BODY = 6_000_000
"""A call of a player. With what Lambda adds, it stays below Lambda's own limit of 6 MiB."""
MOST_SCROBBLES = 50
"""In a call of Last.fm's protocols."""
MOST_SCROBBLE_CALLS = 30
"""Of one user, in one process and SCROBBLE_CALLS_SECONDS."""
SCROBBLE_CALLS_SECONDS = 10
MOST_EDGE_CHANGES = 1000
LARGEST_PEOPLE_BODY = 262_144
"""Ids, names and addresses of the longest kind, for the most people, in any encoding of JSON."""
MOST_PEOPLE = 100
"""In one call. Each is a write of its own."""
LARGEST_PERSON_NAME = 200
LONGEST_PARAMETER = 4096
"""Of what a provider sends the browser back with."""
LONGEST_TIME_ZONE = 64

# What one user may store.
MOST_HIDDEN_SONGS = 100
MOST_HIDDEN_PROVIDERS = 20
MOST_DELETED_SONGS = 1000
MOST_CORRECTIONS = 200
"""With those undone in the past two days."""
MOST_SPELLINGS = 50
"""Of a song, that are listed and can be set apart."""
LARGEST_CORRECTION = 10_000
"""All of an owner's are read with each list, and the spellings of an odd song are long."""
MOST_FOLLOWED = 5000
"""The feed reads as many; a host app's server may write more."""
MOST_REQUESTS = 100
"""Follow requests of one user that have neither been accepted nor expired."""
REQUEST_SECONDS = 90 * 86_400
"""After them a follow request expires, and can be made again."""
MOST_BLOCKED = 5000
MOST_CHANGES = 120
"""Requests of one user that change something, in CHANGES_SECONDS."""
MOST_UNCOUNTED_CHANGES = 10
"""Of these, in one process, before the table that all processes share is asked."""
CHANGES_SECONDS = 300
MOST_PERSONAL_TOKENS = 20
"""Those of a user's players, sessions of the Last.fm protocol included."""
LONGEST_TOKEN_NAME = 64
MOST_HANDSHAKES = 10
"""Begun within ten minutes and not come back from."""
LARGEST_IMPORT = 2 * 1024 * 1024 * 1024
"""One uploaded history. S3 refuses a larger one."""
LARGEST_UNPACKED = 8 * 1024 * 1024 * 1024
"""All files of an archive together."""
MOST_IMPORT_FILES = 10_000
"""In an archive, whatever they contain."""
LARGEST_RECORD = 4_000_000
"""Characters of one record of a history: a page of a thousand scrobbles has a million."""
MOST_IMPORTS = 30
"""Of one user, within the time that receipts are kept."""
LONGEST_FILE_NAME = 200
