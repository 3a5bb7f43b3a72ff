import type { NameOf } from "../account/names.ts";
import type { GetToken } from "../api/api.ts";
import { type Fields, fields, text, texts } from "../api/fields.ts";

/** Settings of the pages, from `config.json` on the server that serves them. */
export interface Host {
  /** The address of the tenant's API. */
  readonly api: string;
  /** Where someone who is not signed in goes to sign in; empty where there is no such place. */
  readonly signIn: string;
  /** The providers that the tenant offers; empty for the usual ones. */
  readonly providers: readonly string[];
  /** Asks the host for a user's name; undefined where it tells none. */
  readonly nameOf: NameOf | undefined;
  /** Asks the host's session for a token; rejects where nobody is signed in. */
  readonly getToken: GetToken;
}

/**
 * Reads `config.json`: `{"api", "session"?, "sign_in"?, "providers"?, "names"?}`. The session's address
 * (`session/token` by default, with `?fresh=1` for one not handed out before) answers `{"token"}`
 * by whatever the host knows its user from, such as a cookie that these pages never see. `names` is
 * an address that answers `?user=ada&user=ben` with `{"ada": "Ada Lindqvist", ...}`.
 */
export async function readHost(): Promise<Host> {
  const config = fields(await json("config.json"));
  const names = text(config["names"]);
  const session = new URL(text(config["session"]) || "session/token", document.baseURI);
  return {
    api: text(config["api"]),
    signIn: text(config["sign_in"]),
    providers: texts(config["providers"]),
    getToken: tokens(session),
    nameOf: names ? namesAt(new URL(names, document.baseURI)) : undefined,
  };
}

/** Keeps the token for the page's other elements; every request of a page would ask otherwise. */
function tokens(session: URL): GetToken {
  let kept: Promise<string> | undefined;
  return ({ fresh }) => {
    if (fresh || !kept) kept = token(session, fresh);
    kept.catch(() => (kept = undefined));
    return kept;
  };
}

/** Asks for all the names that a page wants at once. */
function namesAt(address: URL): NameOf {
  let wanted: string[] = [];
  let asked: Promise<Fields> | undefined;
  const ask = async (): Promise<Fields> => {
    await Promise.resolve();
    const query = new URL(address);
    for (const user of wanted) query.searchParams.append("user", user);
    [wanted, asked] = [[], undefined];
    return fields(await json(query));
  };
  return async (user) => {
    wanted.push(user);
    asked ??= ask();
    return text((await asked)[user]) || undefined;
  };
}

async function token(session: URL, fresh: boolean): Promise<string> {
  const address = new URL(session);
  if (fresh) address.searchParams.set("fresh", "1");
  return text(fields(await json(address))["token"]);
}

async function json(address: string | URL): Promise<unknown> {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as unknown;
}
