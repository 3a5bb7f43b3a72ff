import { secureAddress, secureLink } from "./address.ts";
import { count, fields, text, texts } from "./fields.ts";

export type Direction = "new" | "up" | "down" | "same";

/** Against the week before; `places` is how many, 0 where it is unknown. */
export interface Movement {
  readonly direction: Direction;
  readonly places: number;
}

export interface Song {
  readonly id: string;
  readonly title: string;
  readonly singers: readonly string[];
  readonly albums: readonly string[];
  readonly plays: number;
  /** The least number of listeners, in a ranking over several people; 0 in one person's list. */
  readonly listeners: number;
  readonly link?: string;
  readonly image?: string;
  readonly providers: readonly string[];
  readonly movement?: Movement;
  readonly weeksAtTop: number;
  readonly hidden: boolean;
}

const DIRECTIONS = new Set<unknown>(["new", "up", "down", "same"]);

/** A song, artist or album of an answer; undefined for what has no title or name. */
export function songOf(value: unknown): Song | undefined {
  const answer = fields(value);
  const title = (text(answer["title"]) || text(answer["name"])).trim();
  if (!title) return undefined;
  const id = answer["song_id"] ?? answer["artist_id"] ?? answer["album_id"];
  const artist = text(answer["artist"]);
  return {
    id: text(id) || title,
    title,
    singers: artist ? [artist] : texts(answer["singers"]),
    albums: texts(answer["albums"]),
    plays: count(answer["listen_count"]),
    listeners: count(answer["listeners_at_least"]),
    providers: texts(answer["providers"]),
    weeksAtTop: count(answer["weeks_at_top"]),
    hidden: answer["hidden"] === true,
    ...given("link", secureLink(answer["url"])),
    ...given("image", secureAddress(answer["thumbnail_image"])),
    ...given("movement", movement(answer["movement"])),
  };
}

function movement(value: unknown): Movement | undefined {
  const { direction, places } = fields(value);
  if (!DIRECTIONS.has(direction)) return undefined;
  return { direction: direction as Direction, places: count(places) };
}

function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}
