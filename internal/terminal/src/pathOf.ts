import { resolve } from "node:path";
import { fail } from "./fail.js";

/** A path; an empty one would be the folder that the app runs in. */
export const pathOf =
  (flag: string, what = "a folder") =>
  (text: string): string =>
    text === "" ? fail(`${flag} expects ${what}, got ""`, 2) : resolve(text);
