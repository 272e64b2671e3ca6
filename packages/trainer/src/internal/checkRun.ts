import type { Loss } from "@tenon/contracts";
import { badArgument, made, madeList, shown, whole } from "@tenon/guards";
import { isTensor, type Tensor } from "@tenon/tensor";

/**
 * How each part of a run is named in messages: what it is, its methods, an example of one, and the
 * fix where a list was given.
 */
const kinds: Readonly<Record<string, readonly [string, string, string, string?]>> = {
  model: ["a layer", "plan forward", "sequential(dense(10))", "write sequential(…)"],
  optimizer: ["a transform", "slots update", "adam()", "write chain(…)"],
  engine: ["an engine", "compile", "await wasm()"],
  earlyStopping: ["a stopper", "observe", "earlyStopping({ patience: 3 })"],
  checkpoints: ["a place for snapshots", "write", "runFolder(path)"],
};
const lists: Readonly<Record<string, readonly [string, string]>> = {
  metrics: ["update result", "accuracy"],
  penalties: ["value", "l2()"],
};

/**
 * Throws if a part of a run is not what its option expects. Options that are undefined keep their
 * defaults; a model, a loss and an optimizer have no default.
 *
 * @throws RangeError that names the option
 */
export function checkRun(who: string, run: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(run)) {
    const kind = kinds[what];
    const list = lists[what];
    if (value === undefined && !["model", "loss", "optimizer", "params", "snapshot"].includes(what))
      continue;
    const refuse = (expected: string, fix = ""): never => {
      throw badArgument(who, `${what} as ${expected}`, `${shown(value)}${fix}`);
    };
    if (kind) {
      const article = what === "model" ? "" : `${what} as `;
      made(who, `${article}${kind[0]}`, value, kind[1], kind[2], kind[3]);
      const { stepsInFlight = 1 } = value as { readonly stepsInFlight?: unknown };
      if (what === "engine") whole(who, "engine.stepsInFlight", stepsInFlight, 1);
    } else if (list) madeList(who, what, value, ...list);
    else if (what === "evaluated") {
      if (typeof value !== "function") refuse("a function of slots, such as averageOf");
    } else if (what === "loss" || what === "observe") {
      if (typeof value !== "function")
        refuse(
          `a function of predictions and targets${what === "loss" ? ", such as crossEntropy" : ""}`,
        );
    } else if (what === "metadata") {
      if (!isObject(value) || Object.values(value).some((text) => typeof text !== "string"))
        refuse("text by name");
    } else if (what === "signal") {
      const { aborted, signal } = (value ?? {}) as {
        readonly aborted?: unknown;
        readonly signal?: unknown;
      };
      if (typeof aborted !== "boolean")
        refuse("an AbortSignal or { aborted }", signal === undefined ? "" : "; write its .signal");
    } else if (what === "resume" || what === "snapshot") {
      const { arrays, progress } = (value ?? {}) as {
        readonly arrays?: unknown;
        readonly progress?: unknown;
      };
      if (!isObject(arrays) || !isObject(progress))
        refuse("a snapshot, { arrays, progress }", "; snapshotFrom makes one of a file");
    } else if (!isObject(value) || Object.values(value).some((array) => !isArray(array)))
      refuse("arrays { shape, dtype, data } by path");
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value may be an array with its shape. */
export function isArray(value: unknown): boolean {
  return isObject(value) && Array.isArray(value["shape"]) && "data" in value;
}

/** The same loss; it throws where it gives something else than one number. */
export function scalarLoss(lossOf: Loss<Tensor>): Loss<Tensor> {
  return (predictions, targets) => {
    const loss: unknown = lossOf(predictions, targets);
    if (!isTensor(loss) || loss.shape.length > 0)
      throw badArgument(
        "loss",
        "a function that gives one number, a scalar tensor",
        `one that gives ${shown(loss)}${typeof loss === "function" ? "; call the function that makes it" : ""}`,
      );
    return loss;
  };
}
