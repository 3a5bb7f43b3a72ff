#!/bin/sh
# Unpack Debian's mpd, mpdscribble and faketime, and the libraries that are missing here, into a folder:
#   requirements/unpack_players.sh FOLDER
# It needs apt of Debian or Ubuntu, and no rights: nothing is installed. Where a package cannot be had,
# the folder holds the file `missing`, whose line says why, and the test that needs it says so.
set -eu
folder=$1
PACKAGES="mpd mpdscribble faketime"

missing() { # reason
    echo "$1" >"$folder/missing"
    echo "no players: $1"
    exit 0
}

mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" "$folder/debs"
folder=$(cd "$folder" && pwd)
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || missing "there is no apt here"
set -- -o "Dir::Cache=$folder/apt" -o Debug::NoLocking=1 -o APT::Sandbox::User=root -qq
# shellcheck disable=SC2086 # several names
if ! apt-cache show $PACKAGES >/dev/null 2>&1; then
    set -- "$@" -o "Dir::State::Lists=$folder/apt/lists"
    apt-get "$@" update || missing "apt cannot reach an archive"
fi
# shellcheck disable=SC2086
names=$(apt-get "$@" --print-uris --no-install-recommends install $PACKAGES | sed -n "s/^'[^']*' \([^_ ]*\)_.*/\1/p") ||
    missing "apt cannot resolve $PACKAGES"
if [ -n "$names" ]; then
    # shellcheck disable=SC2086
    (cd "$folder/debs" && apt-get "$@" download $names) || missing "apt cannot download $names"
    for deb in "$folder"/debs/*.deb; do
        dpkg-deb --extract "$deb" "$folder"
    done
fi
rm -rf "$folder/apt" "$folder/debs" "$folder/usr/share/doc" "$folder/usr/share/locale"
