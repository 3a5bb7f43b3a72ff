/** What can go wrong between an element and the API, each with a calm state of its own. */
export type Failure =
  | { readonly kind: "offline" | "signed-out" | "not-available" | "unreadable" }
  | { readonly kind: "limited" | "down"; readonly seconds?: number }
  | { readonly kind: "refused"; readonly detail: string };

export class ApiError extends Error {
  /** `status` is the HTTP status, 0 where there was no answer. */
  constructor(
    readonly failure: Failure,
    readonly status = 0,
  ) {
    super(failure.kind);
  }
}

/** The failure of whatever was thrown: anything unforeseen counts as the API being down. */
export function failureOf(error: unknown): Failure {
  return error instanceof ApiError ? error.failure : { kind: "down" };
}
