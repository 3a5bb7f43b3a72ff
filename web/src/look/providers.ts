import { css, html, type TemplateResult } from "lit";

interface Provider {
  readonly name: string;
  readonly letters: string;
}

/** Letters of our own: providers' marks are theirs. */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  spotify: { name: "Spotify", letters: "S" },
  apple_music: { name: "Apple Music", letters: "A" },
  youtube: { name: "YouTube", letters: "Y" },
  lastfm: { name: "Last.fm", letters: "L" },
  listenbrainz: { name: "ListenBrainz", letters: "B" },
};

export function providerName(id: string): string {
  return PROVIDERS[id]?.name ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll("_", " ");
}

/** A tile with the provider's letter, for eyes only. */
export function providerTile(id: string): TemplateResult {
  const letters = PROVIDERS[id]?.letters ?? id.charAt(0).toUpperCase();
  return html`<span class="tile ${PROVIDERS[id] ? id : ""}" aria-hidden="true">${letters}</span>`;
}

export const PROVIDER_STYLE = css`
  .tile {
    --hue: 255;
    display: inline-grid;
    place-items: center;
    width: 1.5em;
    height: 1.5em;
    border-radius: 0.45em;
    background: light-dark(hsl(var(--hue) 45% 91%), hsl(var(--hue) 24% 24%));
    color: light-dark(hsl(var(--hue) 55% 26%), hsl(var(--hue) 60% 84%));
    font-weight: 700;
    font-size: 0.6875em;
    line-height: 1;
  }
  .spotify {
    --hue: 150;
  }
  .apple_music {
    --hue: 335;
  }
  .youtube {
    --hue: 18;
  }
  .lastfm {
    --hue: 290;
  }
  .listenbrainz {
    --hue: 210;
  }
`;
