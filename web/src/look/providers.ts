import { css, html, nothing, type TemplateResult } from "lit";

interface Provider {
  readonly name: string;
  readonly letters: string;
  /** Where its attribution links to. */
  readonly home: string;
}

/** Letters of our own: providers' marks are theirs. */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  spotify: { name: "Spotify", letters: "S", home: "https://open.spotify.com" },
  apple_music: { name: "Apple Music", letters: "A", home: "https://music.apple.com" },
  youtube: { name: "YouTube", letters: "Y", home: "https://www.youtube.com" },
  lastfm: { name: "Last.fm", letters: "L", home: "https://www.last.fm" },
  listenbrainz: { name: "ListenBrainz", letters: "B", home: "https://listenbrainz.org" },
};

export function providerName(id: string): string {
  return PROVIDERS[id]?.name ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll("_", " ");
}

/** Links to the providers whose data is shown, as their terms ask; nothing for those without. */
export function attribution(ids: Iterable<string>, label: string): TemplateResult | typeof nothing {
  const known = [...new Set(ids)].sort().flatMap((id) => PROVIDERS[id] ?? []);
  if (!known.length) return nothing;
  return html`<p class="attribution" part="attribution"
    >${label}
    ${known.map(
      ({ name, home }, index) => html`${index ? ", " : ""}<a
          href=${home}
          target="_blank"
          rel="noopener noreferrer"
          >${name}</a
        >`,
    )}</p
  >`;
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
  .attribution {
    padding-block: 0.5rem;
    color: var(--muted);
    font-size: 0.75em;
  }
  .attribution a {
    color: inherit;
    text-decoration: underline;
  }
  .attribution a::after {
    content: none;
  }
  .attribution a:focus-visible {
    outline: 2px solid var(--accent);
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
