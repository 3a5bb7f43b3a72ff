import { css, html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { ApiError } from "../api/failure.ts";
import { count, fields, list, text } from "../api/fields.ts";
import type { AccountWords } from "../words/account/words.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";
import { upload } from "./upload.ts";

interface Import {
  readonly id: string;
  readonly fileName: string;
  readonly status: string;
  readonly filesDone: number;
  readonly files: number;
  readonly receipt: Readonly<Record<string, unknown>>;
}

const POLL_MS = 2000;
const RUNNING = new Set(["queued", "reading"]);
const COUNTS = ["new", "known", "too_short", "outside_window", "not_songs", "unreadable"];

/**
 * Histories that the signed-in user brings along: an upload, and the receipts.
 *
 * @tag my-imports
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class MyImports extends AccountElement {
  static override styles = [
    ACCOUNT_STYLE,
    css`
      progress {
        inline-size: 100%;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 1rem;
      }
      dd {
        margin: 0;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  protected readonly name = "imports";
  private imports: readonly Import[] = [];
  private sent: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected async load(api: Api): Promise<void> {
    const answer = fields(await api.get("/v1/me/imports"));
    if (!Array.isArray(answer["imports"])) throw new ApiError({ kind: "unreadable" });
    this.imports = list(answer["imports"]).map(importOf);
    clearTimeout(this.timer);
    if (this.isConnected && this.imports.some((one) => RUNNING.has(one.status))) {
      this.timer = setTimeout(() => void this.reload(), POLL_MS);
    }
  }

  protected content(): TemplateResult {
    return html`<div class="stack">
      <form class="card stack" @submit=${(event: Event) => void this.begin(event)}>
        <h2>${this.words.importHistory}</h2>
        <p class="calm">${this.words.importHint}</p>
        <label for="file">${this.words.file}</label>
        <input id="file" name="file" type="file" required />
        <div class="actions"><button class="primary">${this.words.upload}</button></div>
        ${this.sent === undefined
          ? nothing
          : html`<progress aria-label=${this.words.uploading} max="1" value=${this.sent}></progress>`}
      </form>
      ${this.imports.map((one) => receipt(one, this.words, this.language))}
    </div>`;
  }

  private async begin(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const file = new FormData(form).get("file");
    if (!(file instanceof File) || !file.size) return;
    await this.act(async (api) => {
      const begun = fields(await api.send("POST", "/v1/me/imports", { file_name: shown(file) }));
      await upload(fields(begun["upload"]), file, (part) => {
        this.sent = part;
        this.requestUpdate();
      });
      await api.send("POST", `/v1/me/imports/${text(begun["import_id"])}/start`);
      form.reset();
    }, this.words.uploaded);
    this.sent = undefined;
    this.requestUpdate();
  }
}

/** The name as the API takes it: printable, and not too long. */
function shown(file: File): string {
  return file.name.replace(/\p{C}/gu, "?").slice(-200);
}

function receipt(one: Import, words: AccountWords, language: string): TemplateResult {
  const shown = new Intl.NumberFormat(language);
  return html`<section class="card stack">
    <h3><bdi>${one.fileName || words.history}</bdi></h3>
    <p class="calm">${progress(one, words)}</p>
    <dl>
      <dt>${words.records}</dt>
      <dd>${shown.format(count(one.receipt["read"]))}</dd>
      ${COUNTS.map((name) => row(words.counts[name] ?? name, total(one.receipt[name]), shown))}
    </dl>
    ${faults(one.receipt)} ${examples(one.receipt, words)}
  </section>`;
}

function row(label: string, number: number, shown: Intl.NumberFormat): TemplateResult | typeof nothing {
  if (!number) return nothing;
  return html`<dt>${label}</dt>
    <dd>${shown.format(number)}</dd>`;
}

/** A count, or the sum of counts by kind. */
function total(value: unknown): number {
  if (typeof value === "number") return value;
  return Object.values(fields(value)).reduce((sum: number, one) => sum + count(one), 0);
}

function faults(given: Readonly<Record<string, unknown>>): TemplateResult | typeof nothing {
  const broken = list(given["files"]).map(fields).filter((one) => text(one["fault"]));
  if (!broken.length) return nothing;
  return html`<ul>
    ${broken.map(
      (one) =>
        html`<li><bdi>${text(one["name"])}</bdi>: ${text(one["fault"]).replaceAll("_", " ")}</li>`,
    )}
  </ul>`;
}

function examples(
  given: Readonly<Record<string, unknown>>,
  words: AccountWords,
): TemplateResult | typeof nothing {
  const found = Object.entries(fields(given["examples"]));
  if (!found.length) return nothing;
  return html`<details>
    <summary>${words.unreadableRecords}</summary>
    <ul>
      ${found.flatMap(([kind, some]) =>
        list(some).map((one) => html`<li>${kind}: <bdi>${text(one)}</bdi></li>`),
      )}
    </ul>
  </details>`;
}

function importOf(value: unknown): Import {
  const answer = fields(value);
  return {
    id: text(answer["import_id"]),
    fileName: text(answer["file_name"]),
    status: text(answer["status"]),
    filesDone: count(answer["files_done"]),
    files: count(answer["files"]),
    receipt: fields(answer["receipt"]),
  };
}

function progress({ status, filesDone, files }: Import, words: AccountWords): string {
  if (status === "reading") return words.readingFiles(filesDone, files);
  return words.states[status] ?? status;
}
