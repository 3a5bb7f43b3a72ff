import { html, nothing, svg, type TemplateResult } from "lit";

import type { Movement, Song } from "../api/song.ts";
import { providerName, providerTile } from "../look/providers.ts";
import type { Words } from "../words/words.ts";
import { cover } from "./cover.ts";

/** How a row speaks, and what follows when its song is chosen. */
export interface RowContext {
  readonly words: Words;
  readonly language: string;
  readonly chosen: (song: Song, rank: number, event: Event) => void;
  readonly menu?: ((song: Song) => Element) | undefined;
}

/** One song as a list item. Strings of providers are text, each isolated in its direction. */
export function row(song: Song, rank: number, context: RowContext): TemplateResult {
  return html`<li class="song ${song.hidden ? "hidden" : ""}" part="song">
    <div class="place">
      <span class="rank" part="rank">${rank}</span>
      ${song.movement ? movement(song.movement, context.words) : nothing}
    </div>
    ${cover(song)}
    <div class="about">
      <div class="title" part="title">${title(song, rank, context)}</div>
      ${by(song)} ${tags(song, rank, context.words)}
    </div>
    <div class="end">
      <span class="plays" part="plays"><bdi>${plays(song, context)}</bdi></span>
      ${song.providers.length ? playedOn(song.providers, context) : nothing}
      ${context.menu?.(song) ?? nothing}
    </div>
  </li>`;
}

function title(song: Song, rank: number, context: RowContext): TemplateResult {
  if (!song.link) return html`<bdi>${song.title}</bdi>`;
  const chosen = (event: Event): void => context.chosen(song, rank, event);
  return html`<a href=${song.link} target="_blank" rel="noopener noreferrer" @click=${chosen}
    ><bdi>${song.title}</bdi><span class="unseen"> (${context.words.opens})</span></a
  >`;
}

function by(song: Song): TemplateResult | typeof nothing {
  const album = song.albums[0];
  if (!song.singers.length && !album) return nothing;
  return html`<div class="by" part="singers">
    ${song.singers.map((singer, index) => html`${index ? ", " : ""}<bdi>${singer}</bdi>`)}${album
      ? html`<span class="album" part="album"><bdi>${album}</bdi></span>`
      : nothing}
  </div>`;
}

function tags(song: Song, rank: number, words: Words): TemplateResult | typeof nothing {
  if (song.hidden) return html`<span class="tag"><bdi>${words.hidden}</bdi></span>`;
  if (rank !== 1 || song.weeksAtTop < 2) return nothing;
  return html`<span class="tag top" part="weeks"><bdi>${words.atTop(song.weeksAtTop)}</bdi></span>`;
}

function plays(song: Song, { words, language }: RowContext): string {
  if (song.listeners) return words.listeners(song.listeners);
  return words.plays(song.plays, new Intl.NumberFormat(language).format(song.plays));
}

function playedOn(providers: readonly string[], { words, language }: RowContext): TemplateResult {
  const names = new Intl.ListFormat(language).format(providers.map(providerName));
  const label = words.playedOn(names);
  return html`<span class="providers" part="providers" role="img" aria-label=${label} title=${label}
    >${providers.slice(0, 5).map(providerTile)}</span
  >`;
}

const ARROW = svg`<path d="M6 2l5 8H1z" />`;

function movement({ direction, places }: Movement, words: Words): TemplateResult {
  const label = {
    new: words.isNew,
    same: words.same,
    up: words.rose(places),
    down: words.fell(places),
  }[direction];
  const shown = {
    new: html`${words.isNew}`,
    same: html`<svg viewBox="0 0 12 12">${svg`<path d="M1 5h10v2H1z" />`}</svg>`,
    up: html`<svg viewBox="0 0 12 12">${ARROW}</svg>${places || ""}`,
    down: html`<svg viewBox="0 0 12 12">
        ${svg`<g transform="rotate(180 6 6)">${ARROW}</g>`}</svg
      >${places || ""}`,
  }[direction];
  return html`<span class="movement ${direction}" part="movement movement-${direction}"
    ><span aria-hidden="true">${shown}</span><span class="unseen">${label}</span></span
  >`;
}
