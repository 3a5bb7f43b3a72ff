import { html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { fields, list, text } from "../api/fields.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

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

/** Who follows the signed-in user and who has asked to; requests are accepted and declined here. */
export class MyFollowers extends AccountElement {
  static override properties = { ...AccountElement.properties, nameOf: { attribute: false } };
  static override styles = ACCOUNT_STYLE;

  /** What the host calls a user; the user's id where it says nothing. */
  declare nameOf: ((user: string) => string) | undefined;
  protected readonly name = "Followers";
  private rule = "host";
  private received: Page<string> = NONE;
  private sent: readonly string[] = [];
  private followers: Page<Follower> = NONE;

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
        "Followers",
        this.followers.found.map((one) => this.follower(one)),
        "Nobody follows you yet",
        this.followers.cursor && (() => this.showMore()),
      )}
      ${this.sent.length
        ? this.card("Waiting for an answer", this.sent.map((user) => this.waiting(user)), "")
        : nothing}
    </div>`;
  }

  private requests(): TemplateResult {
    return this.card(
      "Requests to follow you",
      this.received.found.map((user) => this.request(user)),
      "No requests",
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
        ? html`<button type="button" @click=${() => void more()}>Show more</button>`
        : nothing}
    </div>`;
  }

  private request(user: string): TemplateResult {
    const path = encodeURIComponent(user);
    return this.entry(
      user,
      html`${this.button("Accept", user, "PUT", `/v1/me/followers/${path}`, "Accepted.")}
      ${this.button("Decline", user, "DELETE", `/v1/me/requests/${path}`, "Declined.")}`,
    );
  }

  private follower(one: Follower): TemplateResult {
    const path = `/v1/me/followers/${encodeURIComponent(one.user)}`;
    const remove = this.button("Remove", one.user, "DELETE", path, "Removed.");
    return this.entry(one.user, one.agreed ? remove : nothing);
  }

  private waiting(user: string): TemplateResult {
    const path = `/v1/me/following/${encodeURIComponent(user)}`;
    return this.entry(user, this.button("Withdraw", user, "DELETE", path, "Withdrawn."));
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
    return this.nameOf?.(user) ?? user;
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
      this.say("There is no more to be had at the moment.");
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
