import { html, nothing, svg, type TemplateResult } from "lit";

import type { Movement, Song } from "../api/song.ts";
import { providerName } from "../look/providers.ts";
import type { Words } from "../words/words.ts";
import { cover, hueOf, largeCover } from "./cover.ts";
import { number } from "./facts.ts";

const COMMAS: Intl.ListFormatOptions = { type: "unit", style: "short" };

/** How a row speaks, and what follows when its song is chosen. */
export interface RowContext {
  readonly words: Words;
  readonly language: string;
  readonly chosen: (song: Song, rank: number, event: Event) => void;
  readonly menu?: ((song: Song) => Element) | undefined;
  /** Whether "new" tells something: not where every song is. */
  readonly tellsNew?: boolean;
  /** Whether the number of people tells something: not where it is the same in every row. */
  readonly tellsPeople?: boolean;
}

/** One song as a list item. Strings of providers are text, each isolated in its direction. */
export function row(song: Song, rank: number, context: RowContext): TemplateResult {
  return html`<li
    class="song ${hueOf(song)} ${song.hidden ? "hidden" : ""}"
    part="song"
  >
    ${place(song, rank, context)} ${cover(song)}
    <div class="title" part="title">${title(song, rank, context)}</div>
    <div class="meta">
      ${by(song, context)}
      ${isCounted(song, context)
        ? html`<span class="plays" part="plays"><bdi>${plays(song, context)}</bdi></span>`
        : nothing}
    </div>
    ${playedOn(song.providers, context)} ${context.menu?.(song) ?? nothing}
  </li>`;
}

/** The first place: a large cover in its own colour, and its story in a line. */
export function firstRow(song: Song, context: RowContext): TemplateResult {
  return html`<li
    class="song first ${hueOf(song)} ${song.hidden ? "hidden" : ""}"
    part="song first"
  >
    ${largeCover(song)} ${place(song, 1, context)}
    <div class="title" part="title">${title(song, 1, context)}</div>
    <div class="meta">${by(song, context)}</div>
    ${story(song, context)}
    ${playedOn(song.providers, context)} ${context.menu?.(song) ?? nothing}
  </li>`;
}

/** What the songs of a list have in common needs to be said in none of its rows. */
export function differences(songs: readonly Song[]): Pick<RowContext, "tellsNew" | "tellsPeople"> {
  return {
    tellsNew: songs.some((song) => song.movement && song.movement.direction !== "new"),
    tellsPeople: new Set(songs.map((song) => song.listeners)).size > 1,
  };
}

function place(song: Song, rank: number, context: RowContext): TemplateResult {
  return html`<div class="place">
    <span class="rank" part="rank">${number(rank, context.language)}</span>
    ${song.movement ? movement(song.movement, context) : nothing}
  </div>`;
}

function title(song: Song, rank: number, context: RowContext): TemplateResult {
  if (!song.link) return html`<bdi>${song.title}</bdi>`;
  const chosen = (event: Event): void => context.chosen(song, rank, event);
  return html`<a href=${song.link} target="_blank" rel="noopener noreferrer" @click=${chosen}
    ><bdi>${song.title}</bdi><span class="unseen"> (${context.words.opens})</span></a
  >`;
}

function by(song: Song, { words }: RowContext): TemplateResult | typeof nothing {
  const album = song.albums[0];
  if (song.hidden) return html`<span class="tag"><bdi>${words.hidden}</bdi></span>`;
  if (!song.singers.length && !album) return nothing;
  return html`<div class="by" part="singers">
    ${song.singers.map((singer, index) => html`${index ? ", " : ""}<bdi>${singer}</bdi>`)}${album
      ? html`<span class="album" part="album"><bdi>${album}</bdi></span>`
      : nothing}
  </div>`;
}

function plays(song: Song, { words, language }: RowContext): string {
  if (song.listeners) return words.listeners(song.listeners);
  return words.plays(song.plays, number(song.plays, language));
}

/** "55 plays, 3 weeks on top". */
function story(song: Song, context: RowContext): TemplateResult | typeof nothing {
  const { words, language } = context;
  const parts = [];
  if (isCounted(song, context)) parts.push(plays(song, context));
  if (song.weeksAtTop > 1) parts.push(words.atTop(song.weeksAtTop));
  if (!parts.length) return nothing;
  return html`<p class="story" part="story"
    ><bdi>${new Intl.ListFormat(language, COMMAS).format(parts)}</bdi></p
  >`;
}

function isCounted(song: Song, { tellsPeople = true }: RowContext): boolean {
  return song.listeners ? tellsPeople : song.plays > 0;
}

function playedOn(
  providers: readonly string[],
  { words, language }: RowContext,
): TemplateResult | typeof nothing {
  if (!providers.length) return nothing;
  const names = new Intl.ListFormat(language, COMMAS).format(providers.map(providerName));
  return html`<span class="providers" part="providers" title=${words.playedOn(names)}
    ><bdi>${names}</bdi></span
  >`;
}

const ARROW = svg`<path d="M6 2l5 8H1z" />`;

/** Only what moved: a song that kept its rank says nothing. */
function movement(
  { direction, places }: Movement,
  { words, tellsNew = true }: RowContext,
): TemplateResult | typeof nothing {
  if (direction === "same" || (direction === "new" && !tellsNew)) return nothing;
  const label = {
    new: words.isNew,
    up: words.rose(places),
    down: words.fell(places),
  }[direction];
  const shown = {
    new: html`${words.isNew}`,
    up: html`<svg viewBox="0 0 12 12">${ARROW}</svg>${places || ""}`,
    down: html`<svg viewBox="0 0 12 12">
        ${svg`<g transform="rotate(180 6 6)">${ARROW}</g>`}</svg
      >${places || ""}`,
  }[direction];
  return html`<span class="movement ${direction}" part="movement movement-${direction}"
    ><span aria-hidden="true">${shown}</span><span class="unseen">${label}</span></span
  >`;
}
