import { css, html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { ApiError } from "../api/failure.ts";
import { count, fields, list, text } from "../api/fields.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";
import { upload } from "./upload.ts";

interface Import {
  readonly id: string;
  readonly fileName: string;
  readonly status: string;
  readonly progress: string;
  readonly receipt: Readonly<Record<string, unknown>>;
}

const POLL_MS = 2000;
const RUNNING = new Set(["queued", "reading"]);
const COUNTS: readonly (readonly [string, string])[] = [
  ["new", "New"],
  ["known", "Known"],
  ["too_short", "Too short or skipped"],
  ["outside_window", "Too old"],
  ["not_songs", "Not songs"],
  ["unreadable", "Unreadable"],
];

/** Histories that the signed-in user brings along: an upload, and the receipts. */
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

  protected readonly name = "Imports";
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
        <h2>Import a history</h2>
        <p class="calm">
          A download of Spotify, Google Takeout, Apple, Last.fm, ListenBrainz, Maloja or Koito, whole
          or one file of it.
        </p>
        <label for="file">File</label>
        <input id="file" name="file" type="file" required />
        <div class="actions"><button class="primary">Upload and import</button></div>
        ${this.sent === undefined
          ? nothing
          : html`<progress aria-label="Upload" max="1" value=${this.sent}></progress>`}
      </form>
      ${this.imports.map((one) => receipt(one))}
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
    }, "Uploaded. The import runs without this page.");
    this.sent = undefined;
    this.requestUpdate();
  }
}

/** The name as the API takes it: printable, and not too long. */
function shown(file: File): string {
  return file.name.replace(/\p{C}/gu, "?").slice(-200);
}

function receipt(one: Import): TemplateResult {
  return html`<section class="card stack">
    <h3><bdi>${one.fileName || "History"}</bdi></h3>
    <p class="calm">${one.progress}</p>
    <dl>
      <dt>Records</dt>
      <dd>${count(one.receipt["read"])}</dd>
      ${COUNTS.map(([name, label]) => row(label, total(one.receipt[name])))}
    </dl>
    ${faults(one.receipt)} ${examples(one.receipt)}
  </section>`;
}

function row(label: string, number: number): TemplateResult | typeof nothing {
  if (!number) return nothing;
  return html`<dt>${label}</dt>
    <dd>${number}</dd>`;
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

function examples(given: Readonly<Record<string, unknown>>): TemplateResult | typeof nothing {
  const found = Object.entries(fields(given["examples"]));
  if (!found.length) return nothing;
  return html`<details>
    <summary>Unreadable records</summary>
    <ul>
      ${found.flatMap(([kind, some]) =>
        list(some).map((one) => html`<li>${kind}: <bdi>${text(one)}</bdi></li>`),
      )}
    </ul>
  </details>`;
}

function importOf(value: unknown): Import {
  const answer = fields(value);
  const status = text(answer["status"]);
  const files = `${count(answer["files_done"])} of ${count(answer["files"])} files`;
  return {
    id: text(answer["import_id"]),
    fileName: text(answer["file_name"]),
    status,
    progress: status === "reading" ? `Reading: ${files}` : STATUS[status] ?? status,
    receipt: fields(answer["receipt"]),
  };
}

const STATUS: Readonly<Record<string, string>> = {
  waiting_for_upload: "Not uploaded",
  queued: "Waiting to be read",
  done: "Done",
  failed: "Nothing could be read",
};
