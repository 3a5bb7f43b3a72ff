import { css, html, nothing, type TemplateResult } from "lit";

/** As many empty rows as songs are expected, of the height of real ones, so that nothing jumps. */
export function skeleton(rows: number): TemplateResult {
  return html`<div class="skeleton list" part="skeleton" aria-hidden="true">
    ${Array.from({ length: rows }, (_, index) => bones(index === 0))}
  </div>`;
}

function bones(first: boolean): TemplateResult {
  return html`<div class="song ${first ? "first" : ""}">
    <i class="bone cover"></i>
    <span class="title"><i class="bone line"></i></span>
    <span class="meta"><i class="bone line short by"></i></span>
    ${first ? html`<span class="story"><i class="bone line short"></i></span>` : nothing}
  </div>`;
}

export const SKELETON_STYLE = css`
  .bone {
    border-radius: 6px;
    background: var(--raised);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  .line {
    display: block;
    width: 62%;
    height: 0.75rem;
    margin-block: 0.25rem;
  }
  .short {
    flex: none;
    width: 38%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
`;
