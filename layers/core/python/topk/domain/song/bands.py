"""Bands whose names would otherwise be read as several artists.

Any credit is cut at its first "&", "and", comma or "x", the same way at every provider, so a band
that is missing here still gets one id; it would only share it with a namesake of its first word.
"""

BANDS = frozenset(
    {
        "above and beyond",
        "angus and julia stone",
        "belle and sebastian",
        "black country, new road",
        "blood, sweat and tears",
        "brooks and dunn",
        "c and c music factory",
        "chase and status",
        "crosby, stills and nash",
        "crosby, stills, nash and young",
        "dan and shay",
        "daryl hall and john oates",
        "earth, wind and fire",
        "emerson, lake and palmer",
        "florence and the machine",
        "for king and country",
        "guns and roses",
        "hall and oates",
        "iron and wine",
        "kool and the gang",
        "macklemore and ryan lewis",
        "man with a mission",
        "mumford and sons",
        "nico and vinz",
        "of monsters and men",
        "peter, bjorn and john",
        "peter, paul and mary",
        "sam and dave",
        "she and him",
        "simon and garfunkel",
        "sleeping with sirens",
        "sly and the family stone",
        "sonny and cher",
        "tegan and sara",
        "tyler, the creator",
        "years and years",
    }
)
