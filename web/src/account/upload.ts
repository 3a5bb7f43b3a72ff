import { ApiError } from "../api/failure.ts";
import { fields, list, text } from "../api/fields.ts";

/** Posts `file` with a signed form; `fetch` cannot say how much of a request was sent. */
export function upload(
  form: Readonly<Record<string, unknown>>,
  file: File,
  onSent: (part: number) => void,
): Promise<void> {
  const body = new FormData();
  for (const field of list(form["fields"]).map(fields)) {
    body.append(text(field["name"]), text(field["value"]));
  }
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const failed = (): void => reject(new ApiError({ kind: "down" }, request.status));
    request.upload.addEventListener("progress", (event) => onSent(event.loaded / event.total));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : failed()));
    request.addEventListener("error", failed);
    request.open("POST", text(form["url"]));
    request.send(body);
  });
}
