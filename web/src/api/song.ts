import { secureAddress, secureLink } from "./address.ts";
import { count, fields, text, texts } from "./fields.ts";

export type Direction = "new" | "up" | "down" | "same";

/** Against the week before; `places` is how many, 0 where there is no telling. */
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
  /** How many people listened at least, in a ranking over several; 0 where it is a person's own. */
  readonly listeners: number;
  readonly link?: string;
  readonly image?: string;
  readonly providers: readonly string[];
  readonly movement?: Movement;
  readonly weeksAtTop: number;
  readonly hidden: boolean;
}

const DIRECTIONS = new Set<unknown>(["new", "up", "down", "same"]);

/** A song of an answer; undefined for what has no title. */
export function songOf(value: unknown): Song | undefined {
  const told = fields(value);
  const title = text(told["title"]).trim();
  if (!title) return undefined;
  return {
    id: text(told["song_id"]) || title,
    title,
    singers: texts(told["singers"]),
    albums: texts(told["albums"]),
    plays: count(told["listen_count"]),
    listeners: count(told["listeners_at_least"]),
    providers: texts(told["providers"]),
    weeksAtTop: count(told["weeks_at_top"]),
    hidden: told["hidden"] === true,
    ...given("link", secureLink(told["url"])),
    ...given("image", secureAddress(told["thumbnail_image"])),
    ...given("movement", movement(told["movement"])),
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
