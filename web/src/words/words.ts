/** Every phrase that the widget shows. A host may replace any by the property `words`. */
export interface Words {
  readonly heading: string;
  /** The heading of a list of artists, of albums, or of another window than seven days. */
  readonly headingOf: (of: string, window: string) => string;
  readonly songs: string;
  readonly artists: string;
  readonly albums: string;
  /** What the switch between songs, artists and albums is for. */
  readonly show: string;
  readonly today: string;
  readonly loading: string;
  readonly slow: string;
  readonly empty: string;
  readonly emptyHint: string;
  /** An owner's list before the first account is connected. */
  readonly first: string;
  readonly firstHint: string;
  readonly connect: string;
  readonly importHistory: string;
  readonly addPlayer: string;
  /** An owner's list while the first plays are read. */
  readonly reading: string;
  readonly readingHint: string;
  /** Accounts that need their owner to sign in again. */
  readonly reconnect: (providers: string) => string;
  readonly notAvailable: string;
  readonly offline: string;
  readonly down: string;
  readonly unreadable: string;
  readonly signedOut: string;
  readonly limited: string;
  readonly again: string;
  readonly inSeconds: (seconds: number) => string;
  readonly asOf: (day: string) => string;
  readonly complete: (days: number, of: number) => string;
  readonly incompleteHint: string;
  readonly notRefreshed: string;
  readonly plays: (plays: number, shown: string) => string;
  readonly listeners: (people: number) => string;
  readonly isNew: string;
  readonly rose: (places: number) => string;
  readonly fell: (places: number) => string;
  readonly atTop: (weeks: number) => string;
  readonly playedOn: (providers: string) => string;
  readonly opens: string;
  readonly playsFrom: string;
  readonly hidden: string;
  readonly share: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly picture: string;
}
