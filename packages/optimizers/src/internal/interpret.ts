import { code, width } from "./codes.js";
import { compiled, type Compiled } from "./compiled.js";
import * as k from "./kernels.js";
import type { Loop, Plan, ScalarStep } from "./plan.js";
import { stepsOf, type Steps } from "./steps.js";
import type { Vectors } from "./vectors.js";

/** Numbers that a plan may read and write. */
export type Floats = Float32Array | Float64Array;

/**
 * Runs a plan on arrays, which may be exchanged between runs (`arrays[i] = other`, of either kind
 * of numbers).
 */
export interface Machine {
  readonly arrays: Floats[];
  /** @param step what the clock shows */
  run(step: number): void;
}

/** So many numbers are taken through a loop at a time: the registers stay in the fastest cache. */
const chunk = 512;

/** A loop with its function, if it is one that was compiled ahead of time. */
interface Prepared {
  readonly loop: Loop;
  readonly steps: Steps | undefined;
  readonly compiled: Compiled | undefined;
}

function prepare(loop: Loop): Prepared {
  const steps = stepsOf(loop.code);
  return { loop, steps, compiled: steps && compiled[steps.key] };
}

/**
 * Interprets a plan. Arithmetic is float64; only what is stored in a Float32Array is rounded, once.
 * Loops of the rules that this package has were compiled ahead of time; of others, each instruction
 * is a loop over a chunk.
 *
 * @param faster does the loops that it can, in its own arithmetic
 */
export function interpreter(
  { stages, scalars, registers, buffers, places, scalarStores }: Plan,
  arrays: readonly Floats[],
  faster?: Vectors,
): Machine {
  const s = new Float64Array(scalars);
  const fresh = new Float64Array(scalars); // constants, and zeros where sums start
  fresh[1] = 1;
  for (const { scalars: steps } of stages)
    for (const one of steps) if (one.op === "constant") fresh[one.out] = one.value;
  const prepared = stages.map(({ scalars: steps, loops }) => ({
    changing: steps.filter(({ op }) => op !== "constant"),
    loops: loops.map(prepare),
  }));
  const r: Floats[] = Array.from({ length: registers }, () => new Float64Array(chunk));
  const between = buffers.map((size) => new Float64Array(size));
  const memory: Floats[] = [...arrays, ...between];

  function scalar(one: ScalarStep, step: number): void {
    switch (one.op) {
      case "clock":
        s[one.out] = typeof one.of === "number" ? one.of : one.of(step);
        break;
      case "array":
        s[one.out] = memory[one.index]![0]!;
        break;
      case "neg":
        s[one.out] = -s[one.a]!;
        break;
      case "sqrt":
        s[one.out] = Math.sqrt(s[one.a]!);
        break;
      case "square":
        s[one.out] = s[one.a]! * s[one.a]!;
        break;
      case "abs":
        s[one.out] = Math.abs(s[one.a]!);
        break;
      case "sign":
        s[one.out] = Math.sign(s[one.a]!);
        break;
      case "add":
        s[one.out] = s[one.a]! + s[one.b]!;
        break;
      case "sub":
        s[one.out] = s[one.a]! - s[one.b]!;
        break;
      case "mul":
        s[one.out] = s[one.a]! * s[one.b]!;
        break;
      case "div":
        s[one.out] = s[one.a]! / s[one.b]!;
        break;
      case "maximum":
        s[one.out] = Math.max(s[one.a]!, s[one.b]!);
        break;
      case "minimum":
        s[one.out] = Math.min(s[one.a]!, s[one.b]!);
        break;
    }
  }

  function run({ loop, steps, compiled }: Prepared): void {
    if (faster?.run(loop, s, memory)) return;
    if (compiled) return compiled(memory, steps!, s);
    const { size, code: words } = loop;
    for (let at = 0; at < size; at += chunk) {
      const n = Math.min(chunk, size - at);
      for (let w = 0; w < words.length; w += width) instruction(words, w, at, n);
    }
  }

  function instruction(words: Int32Array, w: number, at: number, n: number): void {
    const out = words[w + 1]!;
    const a = words[w + 2]!;
    const b = words[w + 3]!;
    const c = words[w + 4]!;
    const sk = words[w + 5]!;
    const sl = words[w + 6]!;
    const x = a < 0 ? memory[~a]! : r[a]!;
    const i = a < 0 ? at : 0;
    const what = words[w]!;
    if (what === code.sum) return k.sum(s, out, x, i, n);
    const o = out < 0 ? memory[~out]! : r[out]!;
    const to = out < 0 ? at : 0;
    if (what === code.expand) return k.expand(o, to, x, places[b]!, at, n);
    if (what === code.sumInto) return k.sumInto(o, x, i, places[b]!, at, n);
    const y = b < 0 ? memory[~b]! : r[b]!;
    const l = b < 0 ? at : 0;
    switch (what) {
      case code.copy:
        return k.copy(o, to, x, i, n);
      case code.neg:
        return k.neg(o, to, x, i, n);
      case code.sqrt:
        return k.sqrt(o, to, x, i, n);
      case code.square:
        return k.square(o, to, x, i, n);
      case code.abs:
        return k.abs(o, to, x, i, n);
      case code.sign:
        return k.sign(o, to, x, i, n);
      case code.add:
        return k.add(o, to, x, i, y, l, n);
      case code.sub:
        return k.sub(o, to, x, i, y, l, n);
      case code.mul:
        return k.mul(o, to, x, i, y, l, n);
      case code.div:
        return k.div(o, to, x, i, y, l, n);
      case code.maximum:
        return k.maximum(o, to, x, i, y, l, n);
      case code.minimum:
        return k.minimum(o, to, x, i, y, l, n);
      case code.addScalar:
        return k.addScalar(o, to, x, i, s, sk, n);
      case code.subScalar:
        return k.subScalar(o, to, x, i, s, sk, n);
      case code.mulScalar:
        return k.mulScalar(o, to, x, i, s, sk, n);
      case code.divScalar:
        return k.divScalar(o, to, x, i, s, sk, n);
      case code.maximumScalar:
        return k.maximumScalar(o, to, x, i, s, sk, n);
      case code.minimumScalar:
        return k.minimumScalar(o, to, x, i, s, sk, n);
      case code.scalarSub:
        return k.scalarSub(o, to, x, i, s, sk, n);
      case code.scalarDiv:
        return k.scalarDiv(o, to, x, i, s, sk, n);
      case code.scaledSum:
        return k.scaledSum(o, to, x, i, y, l, s, sk, sl, n);
      case code.scaledSquareSum:
        return k.scaledSquareSum(o, to, x, i, y, l, s, sk, sl, n);
      case code.addScaled:
        return k.addScaled(o, to, x, i, y, l, s, sk, n);
      case code.overRoot:
        return k.overRoot(
          o,
          to,
          x,
          i,
          y,
          l,
          s,
          sk,
          sl,
          words[w + 7]!,
          words[w + 8]!,
          words[w + 9]!,
          n,
        );
      case code.addOverRoot: {
        const z = c < 0 ? memory[~c]! : r[c]!;
        return k.addOverRoot(
          o,
          to,
          x,
          i,
          y,
          l,
          z,
          c < 0 ? at : 0,
          s,
          sk,
          sl,
          words[w + 7]!,
          words[w + 8]!,
          words[w + 9]!,
          n,
        );
      }
      default:
        throw new Error(`interpreter: unknown instruction ${what}`);
    }
  }

  return {
    arrays: memory,
    run(step) {
      for (let i = 0; i < s.length; i++) s[i] = fresh[i]!; // so few that `set` would take longer
      for (let i = 0; i < between.length; i++) between[i]!.fill(0);
      for (let i = 0; i < prepared.length; i++) {
        const { changing, loops } = prepared[i]!;
        for (let j = 0; j < changing.length; j++) scalar(changing[j]!, step);
        for (let j = 0; j < loops.length; j++) run(loops[j]!);
      }
      for (let i = 0; i < scalarStores.length; i++)
        memory[scalarStores[i]!.array]![0] = s[scalarStores[i]!.from]!;
    },
  };
}
