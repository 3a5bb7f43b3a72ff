import { css, html, nothing, svg, type TemplateResult } from "lit";

import type { Song } from "../api/song.ts";
import { toneOf } from "./tone.ts";

const HUES = 6;

/** The class of the song's own colour, which is there before its cover. */
export function hueOf(song: Song): string {
  return `hue-${dice(song.id) % HUES}`;
}

/** The cover in a box of fixed size; below it a drawing, which stays where no image comes. */
export function cover(song: Song): TemplateResult {
  return boxed(
    song,
    html`<img
      src=${song.image}
      alt=""
      width="64"
      height="64"
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      @load=${shown}
      @error=${missing}
    />`,
  );
}

/** The large cover of the first place, whose colour becomes that of its row. */
export function largeCover(song: Song): TemplateResult {
  return boxed(
    song,
    html`<img
      src=${song.image}
      alt=""
      width="320"
      height="320"
      crossorigin="anonymous"
      decoding="async"
      referrerpolicy="no-referrer"
      @load=${coloured}
      @error=${unshared}
    />`,
  );
}

function boxed(song: Song, image: TemplateResult): TemplateResult {
  return html`<span class="cover" part="cover" aria-hidden="true">
    ${drawing(song.id)} ${song.image ? image : nothing}
  </span>`;
}

/** Rings of a record, turned by the song's own dice so that neighbours differ. */
function drawing(id: string): TemplateResult {
  const turn = dice(`${id}.`) % 360;
  return html`<svg viewBox="0 0 48 48">
    ${svg`<g transform="rotate(${turn} 24 24)" fill="none" stroke="currentColor">
      <circle cx="24" cy="24" r="4" fill="currentColor" stroke="none" />
      <path d="M24 12a12 12 0 0 1 12 12" stroke-width="2.5" stroke-linecap="round" />
      <path d="M24 36a12 12 0 0 1-12-12" stroke-width="2.5" stroke-linecap="round" />
      <circle cx="24" cy="24" r="18" opacity="0.35" />
      <circle cx="24" cy="24" r="9" opacity="0.35" />
    </g>`}
  </svg>`;
}

const image = (event: Event): HTMLImageElement => event.currentTarget as HTMLImageElement;
export const shown = (event: Event): void => image(event).classList.remove("missing");
export const missing = (event: Event): void => image(event).classList.add("missing");

function coloured(event: Event): void {
  shown(event);
  const found = image(event);
  const tone = toneOf(found);
  if (tone) found.closest("li")?.style.setProperty("--tone", tone);
}

/** Without its server's permission the image can be shown all the same, but not read. */
function unshared(event: Event): void {
  if (image(event).crossOrigin === null) missing(event);
  else image(event).removeAttribute("crossorigin");
}

function dice(id: string): number {
  let found = 7;
  for (const sign of id.slice(0, 64)) found = (found * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return found;
}

export const COVER_STYLE = css`
  .cover {
    grid-area: cover;
    position: relative;
    display: block;
    width: var(--cover);
    height: var(--cover);
    border-radius: var(--top-songs-cover-radius, 8px);
    overflow: hidden;
    background: light-dark(hsl(var(--hue) 45% 88%), hsl(var(--hue) 26% 26%));
    color: light-dark(hsl(var(--hue) 38% 42%), hsl(var(--hue) 55% 76%));
  }
  .cover > * {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  .missing {
    visibility: hidden;
  }
  .song {
    --hue: 255;
  }
  .hue-1 {
    --hue: 200;
  }
  .hue-2 {
    --hue: 160;
  }
  .hue-3 {
    --hue: 28;
  }
  .hue-4 {
    --hue: 340;
  }
  .hue-5 {
    --hue: 225;
  }
`;
