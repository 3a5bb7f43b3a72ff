import { secureAddress } from "./address.ts";
import { ApiError } from "./failure.ts";
import { count, fields, text } from "./fields.ts";
import { type Song, songOf } from "./song.ts";

export interface TopList {
  readonly user: string;
  /** Who that is, as the host says; undefined where it says nothing. */
  readonly name: string | undefined;
  readonly portrait: string | undefined;
  /** The day up to which the list reaches, `YYYY-MM-DD`; empty where the answer has none. */
  readonly asOf: string;
  readonly stale: boolean;
  /** The days of the list, in epoch seconds (the end exclusive); 0 where they are unknown. */
  readonly start: number;
  readonly end: number;
  readonly timeZone: string;
  readonly completeDays: number;
  readonly ofDays: number;
  /** Whether it is of the day so far. */
  readonly provisional: boolean;
  /** Songs, or the artists or albums that were asked for. */
  readonly songs: readonly Song[];
  /** Providers that need their owner to sign in again; undefined in the lists of others. */
  readonly attention: readonly string[] | undefined;
  /** Why the owner's own list is empty, where that is known. */
  readonly beginning?: "unconnected" | "reading";
}

const DAYS = 7;

/** The list in an answer. Raises ApiError (unreadable) where there is none. */
export function topListOf(value: unknown): TopList {
  const answer = fields(value);
  const songs = answer["songs"] ?? answer["artists"] ?? answer["albums"];
  if (!Array.isArray(songs)) throw new ApiError({ kind: "unreadable" }, 200);
  const known = fields(answer["completeness"]);
  const window = fields(answer["window"]);
  const attention = known["providers_needing_attention"];
  const ofDays = count(known["of_days"], DAYS);
  return {
    user: text(answer["user_id"]),
    name: text(answer["name"]) || undefined,
    portrait: secureAddress(answer["portrait"]),
    asOf: text(answer["as_of"]),
    stale: answer["stale"] === true,
    start: count(window["start"]),
    end: count(window["end"]),
    timeZone: text(window["time_zone"]) || "UTC",
    attention: Array.isArray(attention)
      ? attention.map((one) => text(fields(one)["provider"]))
      : undefined,
    ofDays,
    completeDays: count(known["complete_days"], ofDays),
    provisional: answer["provisional"] === true,
    songs: songs.map(songOf).filter((song) => song !== undefined),
  };
}
