import type { Outside } from "@tenon/terminal";
import type { Texts } from "./texts.js";
export async function writeDocs(
  _report: string | undefined,
  _texts: Texts,
  _outside: Outside,
): Promise<number> {
  return 0;
}
