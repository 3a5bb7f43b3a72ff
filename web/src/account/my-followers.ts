import { html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { fields, list, text } from "../api/fields.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";
import { type NameOf, Names } from "./names.ts";

interface Follower {
  readonly user: string;
  /** Whether both users agreed; the host app set every other follow, and only it ends those. */
  readonly agreed: boolean;
}

interface Page<One> {
  readonly found: readonly One[];
  readonly cursor: string;
}

const NONE = { found: [], cursor: "" };

/**
 * Who follows the signed-in user and who has asked to; requests are accepted and declined here.
 *
 * @tag my-followers
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class MyFollowers extends AccountElement {
  static override properties = { ...AccountElement.properties, nameOf: { attribute: false } };
  static override styles = ACCOUNT_STYLE;

  /** What the host calls a user; a promise where it has to ask. */
  declare nameOf: NameOf | undefined;
  protected readonly name = "followers";
  private rule = "host";
  private received: Page<string> = NONE;
  private sent: readonly string[] = [];
  private followers: Page<Follower> = NONE;
  private readonly names = new Names(this, (user) => user);

  protected async load(api: Api): Promise<void> {
    const [me, requests, followers] = await Promise.all([
      api.get("/v1/me"),
      api.get("/v1/me/requests"),
      api.get("/v1/me/followers"),
    ]);
    this.rule = text(fields(me)["follows"]);
    this.received = usersOf(requests, "received");
    this.sent = usersOf(requests, "sent").found;
    this.followers = followersOf(followers);
  }

  protected content(): TemplateResult {
    return html`<div class="stack">
      ${this.rule === "request" ? this.requests() : nothing}
      ${this.card(
        this.words.followers,
        this.followers.found.map((one) => this.follower(one)),
        this.words.nobodyFollows,
        this.followers.cursor && (() => this.showMore()),
      )}
      ${this.sent.length
        ? this.card(this.words.waitingForAnswer, this.sent.map((user) => this.waiting(user)), "")
        : nothing}
    </div>`;
  }

  private requests(): TemplateResult {
    return this.card(
      this.words.requests,
      this.received.found.map((user) => this.request(user)),
      this.words.noRequests,
      this.received.cursor && (() => this.showMoreRequests()),
    );
  }

  private card(
    title: string,
    entries: readonly TemplateResult[],
    none: string,
    more?: (() => Promise<void>) | "",
  ): TemplateResult {
    return html`<div class="card stack">
      <h2>${title}</h2>
      ${entries.length
        ? html`<ul role="list">${entries}</ul>`
        : html`<p class="calm">${none}</p>`}
      ${more
        ? html`<button type="button" @click=${() => void more()}>${this.words.showMore}</button>`
        : nothing}
    </div>`;
  }

  private request(user: string): TemplateResult {
    const path = encodeURIComponent(user);
    return this.entry(
      user,
      html`${this.button(this.words.accept, user, "PUT", `/v1/me/followers/${path}`, this.words.accepted)}
      ${this.button(this.words.decline, user, "DELETE", `/v1/me/requests/${path}`, this.words.declined)}`,
    );
  }

  private follower(one: Follower): TemplateResult {
    const path = `/v1/me/followers/${encodeURIComponent(one.user)}`;
    const remove = this.button(this.words.remove, one.user, "DELETE", path, this.words.removed);
    return this.entry(one.user, one.agreed ? remove : nothing);
  }

  private waiting(user: string): TemplateResult {
    const path = `/v1/me/following/${encodeURIComponent(user)}`;
    return this.entry(user, this.button(this.words.withdraw, user, "DELETE", path, this.words.withdrawn));
  }

  private entry(user: string, actions: TemplateResult | typeof nothing): TemplateResult {
    return html`<li class="person">
      <strong><bdi>${this.called(user)}</bdi></strong>
      <div class="actions">${actions}</div>
    </li>`;
  }

  private button(
    label: string,
    user: string,
    method: "PUT" | "DELETE",
    path: string,
    done: string,
  ): TemplateResult {
    return html`<button
      type="button"
      aria-label=${`${label} ${this.called(user)}`}
      @click=${() => void this.act((api) => api.send(method, path), done)}
      >${label}</button
    >`;
  }

  private called(user: string): string {
    return this.names.of(user);
  }

  private async showMore(): Promise<void> {
    await this.more("/v1/me/followers", this.followers.cursor, (page) => {
      const next = followersOf(page);
      this.followers = { ...next, found: [...this.followers.found, ...next.found] };
    });
  }

  private async showMoreRequests(): Promise<void> {
    await this.more("/v1/me/requests", this.received.cursor, (page) => {
      const next = usersOf(page, "received");
      this.received = { ...next, found: [...this.received.found, ...next.found] };
    });
  }

  private async more(
    path: string,
    cursor: string,
    take: (page: unknown) => void,
  ): Promise<void> {
    try {
      take(await this.client().get(`${path}?${new URLSearchParams({ cursor }).toString()}`));
      this.say("");
    } catch {
      this.say(this.words.noMore);
    }
  }
}

function usersOf(page: unknown, name: string): Page<string> {
  const answer = fields(page);
  const found = list(answer[name]).map((one) => text(fields(one)["user_id"]));
  return { found, cursor: text(answer["cursor"]) };
}

function followersOf(page: unknown): Page<Follower> {
  const answer = fields(page);
  const found = list(answer["followers"])
    .map(fields)
    .map((one) => ({ user: text(one["user_id"]), agreed: typeof one["since"] === "number" }));
  return { found, cursor: text(answer["cursor"]) };
}
