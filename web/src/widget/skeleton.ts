import { css, html, type TemplateResult } from "lit";

/** As many empty rows as songs are expected, of the height of real ones, so that nothing jumps. */
export function skeleton(rows: number): TemplateResult {
  return html`<div class="skeleton" part="skeleton" aria-hidden="true">
    ${Array.from(
      { length: rows },
      () => html`<div class="song">
        <i class="bone cover"></i>
        <span class="about"><i class="bone line"></i><i class="bone line short"></i></span>
      </div>`,
    )}
  </div>`;
}

export const SKELETON_STYLE = css`
  .bone {
    display: block;
    border-radius: 6px;
    background: var(--raised);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  .line {
    height: 0.75rem;
    width: 62%;
    margin-block: 0.3rem;
  }
  .short {
    width: 38%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
`;
