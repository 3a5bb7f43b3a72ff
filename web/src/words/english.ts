import type { Words } from "./words.ts";

const s = (count: number): string => (count === 1 ? "" : "s");

const SPANS: Readonly<Record<string, string>> = {
  today: " today",
  "7d": " this week",
  "4w": " in four weeks",
  "6m": " in six months",
  "1y": " in a year",
};

export const ENGLISH: Words = {
  heading: "Most played this week",
  headingOf: (of, window) => `Most played ${of}${SPANS[window] ?? ""}`,
  today: "Today so far",
  loading: "Loading the songs",
  slow: "This takes longer than usual.",
  empty: "Nothing played yet",
  emptyHint: "Songs show up here a day after they were played.",
  notAvailable: "This list is not available.",
  offline: "You are offline. The list comes back when you are online again.",
  down: "The list cannot be reached at the moment.",
  unreadable: "The list could not be read.",
  signedOut: "Sign in again to see this list.",
  limited: "A lot of people are looking at the moment.",
  again: "Try again",
  inSeconds: (seconds) => `Trying again in ${seconds} second${s(seconds)}.`,
  asOf: (day) => `As of ${day}`,
  complete: (days, of) => `${days} of ${of} days`,
  incompleteHint: "Some plays of the week may be missing.",
  notRefreshed: "Not refreshed",
  plays: (plays, shown) => `${shown} play${s(plays)}`,
  listeners: (people) => `${people}+ people`,
  isNew: "New",
  same: "Unchanged",
  rose: (places) => (places ? `Up ${places}` : "Up"),
  fell: (places) => (places ? `Down ${places}` : "Down"),
  atTop: (weeks) => `${weeks} weeks at the top`,
  playedOn: (providers) => `Played on ${providers}`,
  opens: "opens in a new tab",
  playsFrom: "Plays from",
  hidden: "Hidden from others",
};
