/** What the elements tell the page that they are in. */
export type LoadEvent = CustomEvent<{
  readonly user: string;
  readonly asOf: string;
  readonly songs: number;
}>;
/** `preventDefault()` keeps the song's link from opening. */
export type SelectEvent = CustomEvent<{
  readonly songId: string;
  readonly title: string;
  readonly url: string | undefined;
  readonly rank: number;
}>;
export type StateEvent = CustomEvent<{ readonly state: string }>;
export type FailureEvent = CustomEvent<{ readonly kind: string }>;

declare global {
  interface HTMLElementEventMap {
    "top-songs-load": LoadEvent;
    "top-songs-select": SelectEvent;
    "top-songs-state": StateEvent;
    "top-songs-error": FailureEvent;
  }
}
