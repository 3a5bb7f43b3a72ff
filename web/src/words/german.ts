import type { Words } from "./words.ts";

const OF: Readonly<Record<string, string>> = {
  songs: "Meistgehörte Songs",
  artists: "Meistgehörte Künstler",
  albums: "Meistgehörte Alben",
};
const SPANS: Readonly<Record<string, string>> = {
  today: " heute",
  "7d": " diese Woche",
  "4w": " in vier Wochen",
  "6m": " in sechs Monaten",
  "1y": " in einem Jahr",
};

export const GERMAN: Words = {
  heading: "Diese Woche am meisten gehört",
  headingOf: (of, window) => `${OF[of] ?? OF["songs"]}${SPANS[window] ?? ""}`,
  today: "Heute bisher",
  loading: "Die Songs werden geladen",
  slow: "Das dauert länger als sonst.",
  empty: "Noch nichts gehört",
  emptyHint: "Songs erscheinen hier am Tag, nachdem sie gehört wurden.",
  notAvailable: "Diese Liste ist nicht verfügbar.",
  offline: "Du bist offline. Die Liste kommt wieder, sobald du online bist.",
  down: "Die Liste ist gerade nicht zu erreichen.",
  unreadable: "Die Liste war nicht zu lesen.",
  signedOut: "Melde dich neu an, um diese Liste zu sehen.",
  limited: "Gerade schauen sehr viele zu.",
  again: "Noch einmal",
  inSeconds: (seconds) => `Nächster Versuch in ${seconds} Sekunde${seconds === 1 ? "" : "n"}.`,
  asOf: (day) => `Stand: ${day}`,
  complete: (days, of) => `${days} von ${of} Tagen`,
  incompleteHint: "Manches von dieser Woche fehlt vielleicht.",
  notRefreshed: "Nicht aktualisiert",
  plays: (_, shown) => `${shown} Mal gehört`,
  listeners: (people) => `${people}+ Leute`,
  isNew: "Neu",
  same: "Unverändert",
  rose: (places) => (places ? `${places} höher` : "Höher"),
  fell: (places) => (places ? `${places} tiefer` : "Tiefer"),
  atTop: (weeks) => `${weeks} Wochen ganz oben`,
  playedOn: (providers) => `Gehört bei ${providers}`,
  opens: "öffnet einen neuen Tab",
  playsFrom: "Gehört bei",
  hidden: "Für andere verborgen",
};
