import { ApiError, type Failure } from "./failure.ts";
import { retryAfter } from "./retry-after.ts";

/** Gives the signed-in user's token; `fresh` asks for one that was not handed out before. */
export type GetToken = (ask: { readonly fresh: boolean }) => string | Promise<string>;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const PATIENCE_MS = 20_000;

/** One tenant's API. Every call raises ApiError for whatever does not end well. */
export class Api {
  private readonly base: string;

  constructor(
    base: string,
    private readonly getToken?: GetToken,
  ) {
    this.base = base.replace(/\/+$/, "");
  }

  async get(path: string, signal?: AbortSignal): Promise<unknown> {
    return this.read(await this.call("GET", path, undefined, signal));
  }

  /** The answer's JSON, or undefined where the answer has no body. */
  async send(method: Method, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.call(method, path, body);
    return answer.status === 204 ? undefined : this.read(answer);
  }

  private async call(
    method: Method,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    let answer = await this.once(method, path, body, signal, false);
    if (answer.status === 401 && this.getToken) {
      answer = await this.once(method, path, body, signal, true);
    }
    if (answer.ok) return answer;
    throw new ApiError(await failure(answer), answer.status);
  }

  private async once(
    method: Method,
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
    fresh: boolean,
  ): Promise<Response> {
    const headers = new Headers(await this.authorization(fresh));
    if (body !== undefined) headers.set("content-type", "application/json");
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const request: RequestInit = {
      method,
      headers,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      // What a page asks as it is closed is still sent.
      keepalive: method !== "GET",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
      return await fetch(this.base + path, request);
    } catch {
      throw new ApiError({ kind: navigator.onLine ? "down" : "offline" });
    }
  }

  private async authorization(fresh: boolean): Promise<Record<string, string>> {
    if (!this.getToken) return {};
    let token = "";
    try {
      token = await this.getToken({ fresh });
    } catch {
      // A host that cannot give a token has nobody signed in.
    }
    if (!token) throw new ApiError({ kind: "signed-out" }, 401);
    return { authorization: `Bearer ${token}` };
  }

  private async read(answer: Response): Promise<unknown> {
    try {
      return (await answer.json()) as unknown;
    } catch {
      throw new ApiError({ kind: "unreadable" }, answer.status);
    }
  }
}

async function failure(answer: Response): Promise<Failure> {
  if (answer.status === 401) return { kind: "signed-out" };
  if (answer.status === 404) return { kind: "not-available" };
  if (answer.status === 400) return { kind: "refused", detail: await detail(answer) };
  const seconds = retryAfter(answer.headers.get("retry-after"), Date.now());
  const kind = answer.status === 429 ? "limited" : "down";
  return seconds === undefined ? { kind } : { kind, seconds };
}

/** What an RFC 9457 problem document says; empty where it is none. */
async function detail(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => null);
  if (typeof problem !== "object" || problem === null || !("detail" in problem)) return "";
  return typeof problem.detail === "string" ? problem.detail : "";
}
