import type { LitElement } from "lit";

type Load<T> = () => Promise<{ readonly default: T }>;

/** Phrases by language. Every language but English is a file of its own, loaded by the first element that uses it. */
export class Phrases<T> {
  private readonly ready = new Map<string, T>();

  constructor(
    private readonly english: T,
    private readonly others: Readonly<Record<string, Load<T>>>,
  ) {}

  /**
   * Those of `language`; undefined while they are loaded, after which `host` is rendered again.
   * English where there are none or they cannot be loaded.
   */
  for(host: LitElement, language: string): T | undefined {
    const name = language.split("-")[0] ?? "";
    const load = Object.hasOwn(this.others, name) ? this.others[name] : undefined;
    if (!load) return this.english;
    const words = this.ready.get(name);
    if (words === undefined) void this.begin(host, name, load);
    return words;
  }

  private async begin(host: LitElement, name: string, load: Load<T>): Promise<void> {
    const loaded = await load().catch(() => ({ default: this.english }));
    this.ready.set(name, loaded.default);
    host.requestUpdate();
  }
}
