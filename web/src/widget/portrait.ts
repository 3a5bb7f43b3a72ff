import { css, html, nothing, type TemplateResult } from "lit";

import { missing, shown } from "./cover.ts";

/** A person's picture beside their name; nothing where the host has none. */
export function portrait(address: string | undefined): TemplateResult | typeof nothing {
  if (!address) return nothing;
  return html`<img
    class="portrait"
    part="portrait"
    src=${address}
    alt=""
    referrerpolicy="no-referrer"
    @load=${shown}
    @error=${missing}
  />`;
}

export const PORTRAIT_STYLE = css`
  .portrait {
    width: 2em;
    height: 2em;
    margin-inline-end: 0.5em;
    border-radius: 50%;
    object-fit: cover;
    vertical-align: middle;
  }
  .portrait.missing {
    position: absolute;
  }
`;
