import type { Failure } from "../api/failure.ts";
import type { TopList } from "../api/top-list.ts";

/** A list outlives a failed refresh, which `trouble` then tells. */
export interface Listed {
  readonly state: "list" | "empty";
  readonly list: TopList;
  readonly trouble?: Failure;
}

/** What the widget shows. */
export type View =
  | { readonly state: "loading" | "slow" }
  | Listed
  | { readonly state: "failed"; readonly failure: Failure };

const HARMLESS = new Set<Failure["kind"]>(["offline", "down", "limited", "unreadable"]);

export function arrived(list: TopList): View {
  return { state: list.songs.length ? "list" : "empty", list };
}

/** A list that may not be seen any more goes at once; one that cannot be refreshed stays. */
export function failed(before: View, failure: Failure): View {
  if ("list" in before && HARMLESS.has(failure.kind)) {
    return { state: before.state, list: before.list, trouble: failure };
  }
  return { state: "failed", failure };
}

/** The name of the state, as events and `state` tell it. */
export function nameOf(view: View): string {
  if (view.state !== "failed") return view.state;
  return view.failure.kind === "refused" ? "not-available" : view.failure.kind;
}
