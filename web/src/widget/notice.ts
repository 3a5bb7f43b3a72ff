import { css, html, nothing, type TemplateResult } from "lit";

import type { Failure } from "../api/failure.ts";
import type { Words } from "../words/words.ts";
import { waitOf } from "./loading.ts";

/** What a failure says to a reader: one calm sentence, and a button where trying again may help. */
export function failureNotice(failure: Failure, words: Words, again: () => void): TemplateResult {
  const seconds = waitOf(failure);
  const hint = seconds === undefined ? "" : words.inSeconds(seconds);
  const hopeless = failure.kind === "not-available" || failure.kind === "refused";
  return notice(sentence(failure, words), hint, hopeless ? undefined : { words, again });
}

export function notice(
  text: string,
  hint = "",
  retry?: { readonly words: Pick<Words, "again">; readonly again: () => void },
): TemplateResult {
  return html`<div class="notice" part="notice">
    <p>${text}</p>
    ${hint ? html`<p class="hint">${hint}</p>` : nothing}
    ${retry
      ? html`<button part="button" type="button" @click=${retry.again}>${retry.words.again}</button>`
      : nothing}
  </div>`;
}

function sentence(failure: Failure, words: Words): string {
  return {
    offline: words.offline,
    "signed-out": words.signedOut,
    "not-available": words.notAvailable,
    refused: words.notAvailable,
    unreadable: words.unreadable,
    limited: words.limited,
    down: words.down,
  }[failure.kind];
}

export const NOTICE_STYLE = css`
  .notice {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 0.5rem;
    min-height: 9rem;
    padding: 1.5rem 1rem;
    text-align: center;
    text-wrap: balance;
  }
  .notice p {
    max-width: 34ch;
    font-weight: 600;
  }
  .notice .hint {
    color: var(--muted);
    font-size: 0.875em;
    font-weight: 400;
  }
  .notice button {
    margin-block-start: 0.5rem;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }
`;
