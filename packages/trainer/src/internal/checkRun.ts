import { badArgument, made, madeList, shown, whole } from "@tenon/guards";

/**
 * Of parts that a function makes: what they are, their methods, an example of one, and the fix
 * where a list was given.
 */
const kinds: Readonly<Record<string, readonly [string, string, string, string?]>> = {
  model: ["a layer", "plan forward", "sequential(dense(10))", "write sequential(…)"],
  optimizer: ["optimizer as a transform", "slots update", "adam()", "write chain(…)"],
  engine: [
    "engine as an engine",
    "compile",
    "await wasm() of @tenon/wasm or reference() of @tenon/tensor",
  ],
  earlyStopping: ["earlyStopping as a stopper", "observe", "earlyStopping({ patience: 3 })"],
  checkpoints: ["checkpoints as a place for snapshots", "write", "runFolder(path)"],
};
const lists: Readonly<Record<string, readonly [string, string]>> = {
  metrics: ["update result", "accuracy"],
  penalties: ["value", "l2()"],
};

type ByName = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is ByName =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const isSnapshot = (value: unknown): boolean => {
  const { arrays, progress } = (value ?? {}) as ByName;
  return isObject(arrays) && isObject(progress) && Array.isArray(progress["history"]);
};

/** Whether a value may be an array with its shape. */
export const isArray = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value["shape"]) && "data" in value;

const each =
  (isGood: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isObject(value) && Object.values(value).every(isGood);
const arrays = ["arrays { shape, dtype, data } by path", /* @__PURE__ */ each(isArray)] as const;
const snapshot = ["a snapshot, such as snapshotFrom makes of a file", isSnapshot] as const;

/** Of other parts: what they are, and whether a value is that. */
const others: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  loss: ["a function of predictions and targets, such as crossEntropy", isFunction],
  observe: ["a function of predictions and targets", isFunction],
  evaluated: ["a function of slots, such as averageOf", isFunction],
  diagnose: ["the function diagnose of @tenon/trainer", isFunction],
  metadata: ["text by name", /* @__PURE__ */ each((value) => typeof value === "string")],
  signal: [
    "an AbortSignal, such as the .signal of an AbortController",
    (value) => typeof (value as ByName | null)?.["aborted"] === "boolean",
  ],
  resume: snapshot,
  snapshot,
  params: arrays,
  stats: arrays,
};

/** Parts that have no default. */
const required = ["model", "loss", "optimizer", "engine", "params", "snapshot"];

/**
 * Throws if a part of a run is not what its option expects. Options that are undefined keep their
 * defaults, if they have one.
 *
 * @throws RangeError that names the option
 */
export function checkRun(who: string, run: ByName): void {
  for (const [what, value] of Object.entries(run)) {
    if (value === undefined && !required.includes(what)) continue;
    const [kind, list, other] = [kinds[what], lists[what], others[what]];
    if (kind) {
      made(who, kind[0], value, kind[1], kind[2], kind[3]);
      if (what === "engine")
        whole(who, "engine.stepsInFlight", (value as ByName)["stepsInFlight"] ?? 1, 1);
    } else if (list) madeList(who, what, value, ...list);
    else if (other && !other[1](value))
      throw badArgument(who, `${what} as ${other[0]}`, shown(value));
  }
}
