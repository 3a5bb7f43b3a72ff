import { BEGAN } from "./began.ts";

export const FIRST_LIST = "top-songs:first-list";
let measured = false;

/** Measures, once for the page, from the script's start to the first frame with a list. */
export function measureFirstList(): void {
  if (measured) return;
  measured = true;
  requestAnimationFrame(() => {
    setTimeout(() => performance.measure(FIRST_LIST, BEGAN));
  });
}
