import { ApiError } from "./failure.ts";
import { count, fields, text } from "./fields.ts";
import { type Song, songOf } from "./song.ts";

export interface TopList {
  readonly user: string;
  /** The day up to which the list reaches, `YYYY-MM-DD`; empty where the answer has none. */
  readonly asOf: string;
  readonly stale: boolean;
  readonly completeDays: number;
  readonly ofDays: number;
  /** Whether it is of the day so far. */
  readonly provisional: boolean;
  /** Songs, or the artists or albums that were asked for. */
  readonly songs: readonly Song[];
}

const DAYS = 7;

/** The list in an answer. Raises ApiError (unreadable) where there is none. */
export function topListOf(value: unknown): TopList {
  const answer = fields(value);
  const songs = answer["songs"] ?? answer["artists"] ?? answer["albums"];
  if (!Array.isArray(songs)) throw new ApiError({ kind: "unreadable" }, 200);
  const known = fields(answer["completeness"]);
  const ofDays = count(known["of_days"], DAYS);
  return {
    user: text(answer["user_id"]),
    asOf: text(answer["as_of"]),
    stale: answer["stale"] === true,
    ofDays,
    completeDays: count(known["complete_days"], ofDays),
    provisional: answer["provisional"] === true,
    songs: songs.map(songOf).filter((song) => song !== undefined),
  };
}
