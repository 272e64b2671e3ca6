import type { Elements, NDArray, Shape } from "@tenon/contracts";
import { pad, slice } from "../ops/movement.js";
import type { Node, Op } from "../op.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { evaluate } from "./evaluate.js";
import { makeNode } from "./makeNode.js";
import { scanGradient } from "./scanGradient.js";

/** A step that is repeated, as a graph of placeholders. */
export interface ScanBody {
  /**
   * Placeholders: of the state, of the entries of the sequences, of what is the same in each step.
   */
  readonly state: readonly Tensor[];
  readonly entries: readonly Tensor[];
  readonly constants: readonly Tensor[];
  /** The state after the step. */
  readonly next: readonly Tensor[];
  readonly length: number;
  /** Whether the last entries come first. */
  readonly reverse: boolean;
}

export interface ScanAttrs {
  /**
   * Scans of the same body and of the same inputs run the same steps: an engine may run them
   * together.
   */
  readonly body: ScanBody;
  /** The values of each step that are stacked along a new first axis. */
  readonly outputs: readonly Tensor[];
}

/**
 * All results of a scan, one after the other in one axis: the last state, then the stacked outputs.
 * Inputs: the first state, the sequences, the constants. Each result is read by a `scanResult`.
 */
const scanOp: Op<ScanAttrs> = {
  name: "scan",
  gradient: (node, grad) => {
    let at = 0;
    return scanGradient(
      node,
      resultsOf(node.attrs).map((shape) => {
        const begin = at;
        at += sizeOf(shape);
        return segment(grad, begin, at)?.reshape(shape);
      }),
    );
  },
  evaluate: run,
};

export interface ScanResultAttrs {
  /** Which of the scan's results it is. */
  readonly index: number;
  /** The position of its first element among those of all results. */
  readonly offset: number;
}

const resultOp: Op<ScanResultAttrs> = {
  name: "scanResult",
  gradient: ({ inputs: [x], shape, attrs: { offset } }, grad) => {
    const size = sizeOf(shape);
    return [pad(grad.reshape([size]), [[offset, x!.shape[0]! - offset - size]])];
  },
  evaluate: ({ attrs: { offset } }, [x], out) =>
    out.set((x!.data as Float32Array).subarray(offset, offset + out.length)),
};

/** The shapes of a scan's results. */
const resultsOf = ({ body: { next, length }, outputs }: ScanAttrs): Shape[] => [
  ...next.map(({ shape }) => shape),
  ...outputs.map(({ shape }) => [length, ...shape]),
];

/** The results of a scan of a body: its last state, and its outputs of all steps. */
export function scanOf(
  body: ScanBody,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): { readonly state: readonly Tensor[]; readonly stacks: readonly Tensor[] } {
  const attrs: ScanAttrs = { body, outputs };
  const shapes = resultsOf(attrs);
  const size = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  const all = makeNode(scanOp, inputs, [size], "float32", attrs);
  let offset = 0;
  const results = shapes.map((shape, index) => {
    const result: ScanResultAttrs = { index, offset };
    offset += sizeOf(shape);
    return makeNode(resultOp, [all], shape, "float32", result);
  });
  const states = body.next.length;
  return { state: results.slice(0, states), stacks: results.slice(states) };
}

/**
 * Elements of a vector from `begin` to before `end`; undefined if they are zeros. A gradient of
 * several results is a sum of padded ones: each part is read where it was before it was padded.
 */
function segment(x: Tensor, begin: number, end: number): Tensor | undefined {
  const [a, b] = x.inputs as [Tensor, Tensor];
  if (x.op.name === "add") {
    const [left, right] = [segment(a, begin, end), segment(b, begin, end)];
    return left && right ? left.add(right) : (left ?? right);
  }
  if (x.op.name === "pad") {
    const low = (x.attrs as { readonly low: readonly number[] }).low[0]!;
    const high = low + a.shape[0]!;
    if (low === begin && high === end) return a;
    if (high <= begin || low >= end) return undefined;
  }
  return slice(x, [begin], [end]);
}

/** Runs the steps, one after the other. */
function run(node: Node<ScanAttrs>, inputs: readonly NDArray[], out: Elements): void {
  const { body, outputs } = node.attrs;
  const { state, entries, constants, next, length, reverse } = body;
  const precision = out.BYTES_PER_ELEMENT === 8 ? "float64" : "float32";
  const sequences = inputs.slice(state.length, state.length + entries.length);
  const given = new Map<Tensor, NDArray>(
    constants.map((x, i) => [x, inputs[state.length + entries.length + i]!]),
  );
  const place = (data: Elements, at: number): void => (out as Float32Array).set(data, at);
  const firstStack = next.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  let values = inputs.slice(0, state.length);
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step;
    state.forEach((x, i) => given.set(x, values[i]!));
    entries.forEach((x, i) => {
      const { data } = sequences[i]! as { readonly data: Float32Array };
      const size = sizeOf(x.shape);
      given.set(x, { ...x, data: data.subarray(t * size, (t + 1) * size) });
    });
    values = evaluate([...next, ...outputs], given, precision);
    let at = firstStack;
    outputs.forEach(({ shape }, i) => {
      const size = sizeOf(shape);
      place(values[next.length + i]!.data, at + t * size);
      at += length * size;
    });
  }
  let at = 0;
  next.forEach(({ shape }, i) => {
    place(values[i]!.data, at);
    at += sizeOf(shape);
  });
}
