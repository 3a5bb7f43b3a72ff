import type { LitElement } from "lit";

/** What the host calls a user; a promise where it has to ask; undefined where it has no name. */
export type NameOf = (user: string) => string | undefined | Promise<string | undefined>;

/** The names of users as a host tells them. */
export class Names {
  private readonly known = new Map<string, string | undefined>();
  private source: NameOf | undefined;

  constructor(
    private readonly host: LitElement & { readonly nameOf: NameOf | undefined },
    private readonly unnamed: (user: string) => string,
  ) {}

  /** The name of `user`, or what stands for it (what the API calls them: `known`); rendered again once it is known. */
  of(user: string, known?: string): string {
    if (this.source !== this.host.nameOf) this.known.clear();
    this.source = this.host.nameOf;
    if (this.source && !this.known.has(user)) void this.ask(user, this.source);
    return this.known.get(user) ?? known ?? this.unnamed(user);
  }

  private async ask(user: string, source: NameOf): Promise<void> {
    this.known.set(user, undefined);
    const name = source(user);
    if (typeof name === "string") {
      this.known.set(user, name);
      return;
    }
    this.known.set(user, await Promise.resolve(name).catch(() => undefined));
    this.host.requestUpdate();
  }
}
