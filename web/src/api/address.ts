const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** `value` as an https address, else undefined. */
export function secureLink(value: unknown): string | undefined {
  return parsed(value)?.protocol === "https:" ? (value as string) : undefined;
}

/**
 * `value` as an address to load from or go to: https, or http from this machine to a page of this
 * machine. Elsewhere a list could make viewers knock at their own machines.
 */
export function secureAddress(value: unknown): string | undefined {
  const address = parsed(value);
  if (!address) return undefined;
  const local =
    address.protocol === "http:" && LOCAL.has(address.hostname) && LOCAL.has(location.hostname);
  return address.protocol === "https:" || local ? address.href : undefined;
}

function parsed(value: unknown): URL | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}
