import type { GetToken } from "../api/api.ts";

/** The most songs that the API gives of a list. */
export const MOST_SONGS = 50;
export const USUAL_COUNT = 10;

/** Which list an element asks for. */
export interface Asked {
  readonly user: string | undefined;
  readonly k: number;
  readonly of: string | undefined;
  readonly window: string | undefined;
  readonly service: string | undefined;
  readonly as: string | undefined;
  readonly signedIn: boolean;
  readonly getToken: GetToken | undefined;
}

/** How many songs: `k` where the API takes it, else the usual ten. */
export function countOf(k: number): number {
  return k >= 1 && k <= MOST_SONGS ? Math.floor(k) : USUAL_COUNT;
}

/**
 * The path of the list: the signed-in route with a token, the public one without; without a user,
 * the caller's own list. Undefined while the host has not set what it needs.
 */
export function listPath(asked: Asked): string | undefined {
  const query = queryOf(asked);
  if (asked.signedIn && !asked.getToken) return undefined;
  if (asked.user) {
    const open = asked.getToken ? "" : "public/";
    return `/v1/${open}users/${encodeURIComponent(asked.user)}/top?${query.toString()}`;
  }
  if (!asked.getToken) return undefined;
  if (asked.as) query.set("as", asked.as);
  return `/v1/me/top?${query.toString()}`;
}

function queryOf({ k, of, window, service }: Asked): URLSearchParams {
  const query = new URLSearchParams({ k: String(countOf(k)) });
  if (of) query.set("of", of);
  if (window) query.set("window", window);
  if (service) query.set("service", service);
  return query;
}
