/** Reads answers field by field, so that a missing or odd one costs itself alone. */
export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === "string" && one !== "") as string[];
}

/** A whole number from 0 on; `otherwise` for anything else. */
export function count(value: unknown, otherwise = 0): number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value)
    ? Math.floor(value)
    : otherwise;
}
