import { badArgument, shown } from "@tenon/guards";

/** Throws unless the value is bytes. */
export function checkBytes(who: string, value: unknown): void {
  const kind = Object.prototype.toString.call(value);
  if (kind === "[object Uint8Array]") return;
  const fix =
    kind === "[object ArrayBuffer]"
      ? "; write new Uint8Array(…)"
      : typeof (value as { then?: unknown } | null | undefined)?.then === "function"
        ? "; write await before it"
        : "";
  throw badArgument(who, "bytes as a Uint8Array", `${shown(value)}${fix}`);
}
