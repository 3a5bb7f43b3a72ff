import type { ReactiveController, ReactiveControllerHost } from "lit";

import { failureOf, type Failure } from "../api/failure.ts";
import type { TopList } from "../api/top-list.ts";
import { arrived, failed, type View } from "./view.ts";

const SLOW_MS = 3000;
const AUTOMATIC_TRIES = 3;
const WAIT_SECONDS = 5;
/** While first plays are read: after 5 s, then 10, up to a minute, for about an hour. */
const LONGEST_LOOK_SECONDS = 60;
const MOST_LOOKS = 60;

type Load = (signal: AbortSignal) => Promise<TopList>;

/** Loads a list, hints when it is slow, and retries after the time that the API asks for, or when back online. */
export class Loading implements ReactiveController {
  view: View = { state: "loading" };
  private load: Load | undefined;
  private running: AbortController | undefined;
  private timers: number[] = [];
  private tries = 0;
  private looks = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly changed: (view: View) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("online", this.again);
    if (this.load && !this.running) this.again();
  }

  hostDisconnected(): void {
    removeEventListener("online", this.again);
    this.stop();
  }

  /** Begins with another list: what was shown is gone. */
  begin(load: Load): void {
    this.load = load;
    this.tries = this.looks = 0;
    this.show({ state: "loading" });
    void this.run();
  }

  /** The same list once more; what is shown stays until the answer is there. */
  readonly again = (): void => {
    if (!this.load) return;
    if (this.view.state === "failed") this.show({ state: "loading" });
    void this.run();
  };

  private async run(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.running = running;
    this.later(SLOW_MS, () => {
      if (this.view.state === "loading") this.show({ state: "slow" });
    });
    try {
      const list = await this.load?.(running.signal);
      if (list && this.running === running) this.settle(arrived(list));
    } catch (error) {
      if (this.running === running) this.settle(failed(this.view, failureOf(error)));
    }
  }

  private settle(view: View): void {
    this.stop();
    const trouble = "list" in view ? view.trouble : "failure" in view ? view.failure : undefined;
    if (!trouble) this.tries = 0;
    else this.wait(trouble);
    if ("list" in view && view.list.beginning === "reading") this.lookAgain();
    this.show(view);
  }

  private lookAgain(): void {
    if (this.looks >= MOST_LOOKS) return;
    this.looks += 1;
    this.later(Math.min(WAIT_SECONDS * this.looks, LONGEST_LOOK_SECONDS) * 1000, this.again);
  }

  /** Tries by itself where the API said when, a few times; then it is for the reader to ask. */
  private wait(trouble: Failure): void {
    const seconds = waitOf(trouble);
    if (seconds === undefined || this.tries >= AUTOMATIC_TRIES) return;
    this.tries += 1;
    this.later(seconds * 1000, this.again);
  }

  private show(view: View): void {
    this.view = view;
    this.host.requestUpdate();
    this.changed(view);
  }

  private later(milliseconds: number, then: () => void): void {
    this.timers.push(window.setTimeout(then, milliseconds));
  }

  private stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.timers.forEach((timer) => {
      clearTimeout(timer);
    });
    this.timers = [];
  }
}

/** Seconds until the next try by itself; undefined where only the reader can ask. */
export function waitOf(failure: Failure): number | undefined {
  if (failure.kind === "limited") return failure.seconds ?? WAIT_SECONDS;
  return failure.kind === "down" ? failure.seconds : undefined;
}
