/** What the API answers in each state: a list, a status, or nothing at all. */

const TITLES = [
  ["Paper Lanterns", "Mara Quill", "Night Ferry"],
  ["Salt and Static", "The Low Tides", "Harbour Radio"],
  ["Slow Comet", "Ines Vale", "Perihelion"],
  ["Copper Wire", "Hallow & Finch", "Circuits"],
  ["Tell the Moon", "Odile Marsh", "Tell the Moon"],
];
const MOVEMENTS = [
  { direction: "same", places: 0 },
  { direction: "up", places: 3 },
  { direction: "new", places: 0 },
  { direction: "down", places: 1 },
];
const HOSTILE = [
  "<img src=x onerror=\"document.title='broken'\"><script>alert(1)</script>",
  "\u202egnos dab\u202e \u2066\u2067 unclosed",
  "Lorem".repeat(100),
  "Z" + "\u0301\u0316\u0334".repeat(150),
  "${alert(1)} {{x}} %s <!--",
];
const PORTRAIT = import.meta.resolve("./portrait.svg");
const COVER = `data:image/svg+xml,${encodeURIComponent("<svg/>")}`;

function song(rank, given = {}) {
  const [title, singer, album] = TITLES[(rank - 1) % TITLES.length];
  return {
    song_id: `song-${rank}`,
    title,
    singers: [singer],
    albums: [album],
    listen_count: Math.max(61 - 5 * rank, 1),
    url: `https://music.example/${rank}`,
    thumbnail_image: null,
    providers: ["spotify", "apple_music", "lastfm"].slice(0, (rank % 3) + 1),
    movement: MOVEMENTS[(rank - 1) % 4],
    weeks_at_top: rank === 1 ? 3 : 0,
    ...given,
  };
}

function list(songs, given = {}) {
  return {
    user_id: "ada",
    as_of: "2026-11-17",
    window: { name: "7d", start: 1762732800, end: 1763337600, time_zone: "UTC" },
    completeness: { complete_days: 7, of_days: 7 },
    stale: false,
    songs,
    ...given,
  };
}

const usual = (count, given) => Array.from({ length: count }, (_, at) => song(at + 1, given));
const named = (titles) =>
  titles.map((title, at) => song(at + 1, { title, singers: [title], albums: [title] }));
const OWN = { complete_days: 6, of_days: 7, providers_needing_attention: [{ provider: "spotify" }] };

/** `body` or `status` is the answer; `own` is the signed-in user's list, `connections` theirs. */
export const STATES = {
  usual: { body: list(usual(5)) },
  "wide": { body: list(usual(5)), look: "wide" },
  "narrow": { body: list(usual(5)), look: "narrow" },
  "first list": { body: list(usual(3, { movement: MOVEMENTS[2] })) },
  "a person's name": {
    body: list(usual(3), { name: "Ada Lindqvist", portrait: PORTRAIT }),
    named: true,
  },
  "one song": { body: list(usual(1)) },
  "missing fields": { body: { songs: [{ title: "Alone" }, {}, null, 7] } },
  "hostile titles": { body: list(named(HOSTILE)) },
  "huge counts": { body: list(usual(3, { listen_count: 123_456_789, weeks_at_top: 4 })) },
  "right to left": {
    body: list(named(["أغنية جميلة جدا", "שיר ישן", "Paper Lanterns"])),
    language: "ar",
  },
  "emoji only": { body: list(named(["🔥💔", "👩‍👩‍👧‍👦", "🎵".repeat(60)])) },
  "covers that fail": { body: list(usual(3, { thumbnail_image: "https://covers.invalid/1.jpg" })) },
  "covers that are refused": { body: list(usual(3, { thumbnail_image: COVER })) },
  "hidden song": { body: list([song(1, { hidden: true }), song(2)]), own: true },
  stale: { body: list(usual(2), { stale: true }) },
  "today so far": { body: list(usual(2), { provisional: true }) },
  "owner's own": { body: list(usual(2), { completeness: OWN }), own: true },
  "first use": { body: list([]), own: true, connections: [] },
  "first plays are read": {
    body: list([]),
    own: true,
    connections: [{ status: "active", crawled_through: null }],
  },
  empty: { body: list([]) },
  loading: {},
  "not available": { status: 404 },
  "signed out": { status: 401 },
  limited: { status: 429 },
  down: { status: 503 },
  "a lying API": { body: { songs: "none" } },
  "a theme of the host": { body: list(usual(3)), theme: true },
  ...Object.fromEntries(
    ["de", "es", "pt", "fr", "hi", "ja"].map((language) => [
      `language ${language}`,
      { body: list(usual(3)), language },
    ]),
  ),
};
