import { code, width } from "./codes.js";
import * as k from "./kernels.js";
import type { Loop, Plan, ScalarStep } from "./plan.js";
import type { Vectors } from "./vectors.js";

/** Numbers that a plan may read and write. */
export type Floats = Float32Array | Float64Array;

/** Runs a plan on arrays, which may be exchanged between runs (`arrays[i] = other`, of either kind of numbers). */
export interface Machine {
  readonly arrays: Floats[];
  /** @param step what the clock shows */
  run(step: number): void;
}

/** So many numbers are taken through a loop at a time: the registers stay in the fastest cache. */
const chunk = 512;

/**
 * Interprets a plan. Arithmetic is float64; only what is stored in a Float32Array is rounded, once.
 *
 * @param faster does the loops that it can, in its own arithmetic
 */
export function interpreter({ stages, scalars, registers, buffers, places, scalarStores }: Plan, arrays: readonly Floats[], faster?: Vectors): Machine {
  const s = new Float64Array(scalars), fresh = new Float64Array(scalars); // constants, and zeros where sums start
  for (const { scalars: steps } of stages) for (const one of steps) if (one.op === "constant") fresh[one.out] = one.value;
  const changing = stages.map(({ scalars: steps }) => steps.filter(({ op }) => op !== "constant"));
  const r: Floats[] = Array.from({ length: registers }, () => new Float64Array(chunk));
  const between = buffers.map((size) => new Float64Array(size));
  const memory: Floats[] = [...arrays, ...between];

  function scalar(one: ScalarStep, step: number): void {
    switch (one.op) {
      case "clock": s[one.out] = typeof one.of === "number" ? one.of : one.of(step); break;
      case "array": s[one.out] = memory[one.index]![0]!; break;
      case "neg": s[one.out] = -s[one.a]!; break;
      case "sqrt": s[one.out] = Math.sqrt(s[one.a]!); break;
      case "square": s[one.out] = s[one.a]! * s[one.a]!; break;
      case "abs": s[one.out] = Math.abs(s[one.a]!); break;
      case "sign": s[one.out] = Math.sign(s[one.a]!); break;
      case "add": s[one.out] = s[one.a]! + s[one.b]!; break;
      case "sub": s[one.out] = s[one.a]! - s[one.b]!; break;
      case "mul": s[one.out] = s[one.a]! * s[one.b]!; break;
      case "div": s[one.out] = s[one.a]! / s[one.b]!; break;
      case "maximum": s[one.out] = Math.max(s[one.a]!, s[one.b]!); break;
      case "minimum": s[one.out] = Math.min(s[one.a]!, s[one.b]!); break;
    }
  }

  function loop(one: Loop): void {
    if (faster?.run(one, s, memory)) return;
    const { size, code: words } = one;
    for (let at = 0; at < size; at += chunk) {
      const n = Math.min(chunk, size - at);
      for (let w = 0; w < words.length; w += width) {
        if (!meansOverRoot(words, w)) instruction(words, w, at, n);
        else {
          const g = words[w + 3]!;
          k.meansOverRoot(memory[~words[w + 1]!]!, memory[~words[w + width + 1]!]!, memory[~words[w + 2 * width + 1]!]!, g < 0 ? memory[~g]! : r[g]!, at, g < 0 ? at : 0, s, words, w, width, n);
          w += 2 * width;
        }
      }
    }
  }

  /** Whether the next three instructions are the whole of Adam's rule, on arrays that are replaced in place: they take one pass over a chunk. */
  function meansOverRoot(words: Int32Array, w: number): boolean {
    const v = w + width, u = v + width, x = words[w + 1]!, y = words[v + 1]!, z = words[u + 1]!;
    return words[w] === code.scaledSum && words[v] === code.scaledSquareSum && words[u] === code.addOverRoot
      && x < 0 && y < 0 && z < 0 && x === words[w + 2] && y === words[v + 2] && words[w + 3] === words[v + 3] && words[u + 2] === x && words[u + 3] === y && words[u + 4] === z
      && x !== y && x !== z && y !== z && x !== words[w + 3];
  }

  function instruction(words: Int32Array, w: number, at: number, n: number): void {
    const out = words[w + 1]!, a = words[w + 2]!, b = words[w + 3]!, c = words[w + 4]!, sk = words[w + 5]!, sl = words[w + 6]!;
    const x = a < 0 ? memory[~a]! : r[a]!, i = a < 0 ? at : 0;
    const what = words[w]!;
    if (what === code.sum) return k.sum(s, out, x, i, n);
    const o = out < 0 ? memory[~out]! : r[out]!, to = out < 0 ? at : 0;
    if (what === code.expand) return k.expand(o, to, x, places[b]!, at, n);
    if (what === code.sumInto) return k.sumInto(o, x, i, places[b]!, at, n);
    const y = b < 0 ? memory[~b]! : r[b]!, l = b < 0 ? at : 0;
    switch (what) {
      case code.copy: return k.copy(o, to, x, i, n);
      case code.neg: return k.neg(o, to, x, i, n);
      case code.sqrt: return k.sqrt(o, to, x, i, n);
      case code.square: return k.square(o, to, x, i, n);
      case code.abs: return k.abs(o, to, x, i, n);
      case code.sign: return k.sign(o, to, x, i, n);
      case code.add: return k.add(o, to, x, i, y, l, n);
      case code.sub: return k.sub(o, to, x, i, y, l, n);
      case code.mul: return k.mul(o, to, x, i, y, l, n);
      case code.div: return k.div(o, to, x, i, y, l, n);
      case code.maximum: return k.maximum(o, to, x, i, y, l, n);
      case code.minimum: return k.minimum(o, to, x, i, y, l, n);
      case code.addScalar: return k.addScalar(o, to, x, i, s, sk, n);
      case code.subScalar: return k.subScalar(o, to, x, i, s, sk, n);
      case code.mulScalar: return k.mulScalar(o, to, x, i, s, sk, n);
      case code.divScalar: return k.divScalar(o, to, x, i, s, sk, n);
      case code.maximumScalar: return k.maximumScalar(o, to, x, i, s, sk, n);
      case code.minimumScalar: return k.minimumScalar(o, to, x, i, s, sk, n);
      case code.scalarSub: return k.scalarSub(o, to, x, i, s, sk, n);
      case code.scalarDiv: return k.scalarDiv(o, to, x, i, s, sk, n);
      case code.scaledSum: return k.scaledSum(o, to, x, i, y, l, s, sk, sl, n);
      case code.scaledSquareSum: return k.scaledSquareSum(o, to, x, i, y, l, s, sk, sl, n);
      case code.addScaled: return k.addScaled(o, to, x, i, y, l, s, sk, n);
      case code.overRoot: return k.overRoot(o, to, x, i, y, l, s, sk, sl, words[w + 7]!, words[w + 8]!, words[w + 9]!, n);
      case code.addOverRoot: {
        const z = c < 0 ? memory[~c]! : r[c]!;
        return k.addOverRoot(o, to, x, i, y, l, z, c < 0 ? at : 0, s, sk, sl, words[w + 7]!, words[w + 8]!, words[w + 9]!, n);
      }
      default: throw new Error(`interpreter: unknown instruction ${what}`);
    }
  }

  return {
    arrays: memory,
    run(step) {
      s.set(fresh);
      for (let i = 0; i < between.length; i++) between[i]!.fill(0);
      for (let i = 0; i < stages.length; i++) {
        const { loops } = stages[i]!, steps = changing[i]!;
        for (let j = 0; j < steps.length; j++) scalar(steps[j]!, step);
        for (let j = 0; j < loops.length; j++) loop(loops[j]!);
      }
      for (let i = 0; i < scalarStores.length; i++) memory[scalarStores[i]!.array]![0] = s[scalarStores[i]!.from]!;
    },
  };
}
