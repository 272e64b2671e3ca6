import {
  threefryRotations,
  type ArgReduceSpec,
  type GatherSpec,
  type PlaceSpec,
  type Stages,
  type UniformSpec,
} from "@tenon/plan";
import type { DType } from "@tenon/contracts";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";
import { axesOf, placesOf, sumOf } from "./places.js";
import { float, integer } from "./wgsl.js";

// Kernels that read or write at indices, find indices, place arrays in others, or draw numbers. An
// index that is out of bounds is written to the status, which ends the program's steps.

const sizeOfResult = ({ outer, m, inner }: GatherSpec): number => outer * m * inner;
const sizeOfSource = ({ outer, n, inner }: GatherSpec): number => outer * n * inner;

/** Code that takes position `i` in an array [outer, middle, inner] apart. */
const place = (middle: number, inner: number): string => `let inner = i % ${inner}u;
let at = (i / ${inner}u) % ${middle}u;
let outer = i / ${inner * middle}u;`;

/** Code that reads an index, and writes it to the status if it is out of bounds. */
const checked = (index: string, n: number): string => `let index = ${index};
if (index < 0i || index >= ${n}i) { fail(index); }`;

/**
 * Only checks as many indices: where there is nothing that they pick. Operands: out, x, indices.
 */
const checking = (name: string, count: number, n: number, dtype: DType): Kernel =>
  eachElement(name, count, {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: `${name} ${n}`,
    body: ([, , indices]) => checked(indices!.load("i"), n),
  });

/** out[o, j, i] = x[o, indices[j], i]. Operands: out, x, indices [m]. */
export function gather(spec: GatherSpec, dtype: DType): Kernel {
  const { outer, n, m, inner } = spec;
  if (inner === 0) return checking("gather", outer > 0 ? m : 0, n, dtype);
  return eachElement("gather", sizeOfResult(spec), {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: `gather ${n}`,
    body: ([out, x, indices]) => `${place(m, inner)}
${checked(indices!.load("at"), n)}
else { ${out!.store("i", x!.load(`(outer * ${n}u + u32(index)) * ${inner}u + inner`))} }`,
  });
}

/** out[o, j, i] = x[o, indices[o, j, i], i]. Operands: out, x, indices. */
export function takeAlong(spec: GatherSpec, dtype: DType, name = "takeAlong"): Kernel {
  const { n, m, inner } = spec;
  return eachElement(name, sizeOfResult(spec), {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: `${name} ${n}`,
    rows: spec.outer,
    body: ([out, x, indices]) => `${place(m, inner)}
${checked(indices!.load("i"), n)}
else { ${out!.store("i", x!.load(`(outer * ${n}u + u32(index)) * ${inner}u + inner`))} }`,
  });
}

/**
 * Adds values to an array of zeros at indices: every element of the result looks for its values, in
 * their order. Operands: out, y, indices.
 *
 * @param indexAt where the index of value `j` is
 */
function scatter(
  spec: GatherSpec,
  name: string,
  indexAt: string,
  { checks, rows }: { readonly checks: string; readonly rows?: number },
): Kernel {
  const { n, m, inner } = spec;
  return eachElement(name, sizeOfSource(spec), {
    ...(rows !== undefined && { rows }),
    flops: sizeOfSource(spec) * m,
    operands: ["float32", "float32", "int32"],
    mayFail: `${name} ${n}`,
    body: ([out, y, indices]) => `${place(n, inner)}
var total = 0.0f;
for (var j = 0u; j < ${m}u; j++) {
let index = ${indices!.load(indexAt)};
if (${checks} && (index < 0i || index >= ${n}i)) { fail(index); }
if (index == i32(at)) { total += ${y!.load(`(outer * ${m}u + j) * ${inner}u + inner`)}; }
}
${out!.store("i", "total")}`,
  });
}

/** So many reads of indices take as long as a dispatch more. */
const mostReads: number = 2 ** 22;

/** The adjoint of `gather`: indices [m]. */
export function scatterAdd(spec: GatherSpec): Kernel | Stages<Kernel> {
  const { outer, n, m } = spec;
  if (sizeOfSource(spec) === 0) return checking("scatterAdd", outer > 0 ? m : 0, n, "float32");
  if (sizeOfSource(spec) * m <= mostReads)
    return scatter(spec, "scatterAdd", "j", { checks: "i == 0u" });
  const [out, y, indices, first, next] = [0, 1, 2, 3, 4];
  return {
    temporaries: [4 * n, 4 * m],
    stages: [
      { kernel: links(n, m), operands: [first, next, indices] },
      { kernel: sumsOfLinked(spec), operands: [out, y, indices, first, next] },
    ],
  };
}

/**
 * The positions of equal indices, in their order: `first[v]` is the first that has the value v, if
 * there is one; `next[j]` is the next one after j that has the value of j, or m. Operands: first,
 * next, indices [m].
 */
const links = (n: number, m: number): Kernel =>
  eachElement("links of equal indices", m, {
    flops: 0,
    operands: ["int32", "int32", "int32"],
    mayFail: `scatterAdd ${n}`,
    body: ([first, next, indices]) => `${checked(indices!.load("i"), n)}
else {
var before = i;
loop {
if (before == 0u) { ${first!.store("u32(index)", "i32(i)")} break; }
before--;
if (${indices!.load("before")} == index) { break; }
}
var after = i + 1u;
loop {
if (after >= ${m}u) { break; }
if (${indices!.load("after")} == index) { break; }
after++;
}
${next!.store("i", "i32(after)")}
}`,
  });

/**
 * Sums over linked positions. Of a value that no index has, `first` is whatever was in memory: the
 * index at that position is another one. Operands: out, y, indices, first, next.
 */
const sumsOfLinked = (spec: GatherSpec): Kernel => {
  const { n, m, inner } = spec;
  return eachElement("scatterAdd of linked positions", sizeOfSource(spec), {
    flops: sizeOfResult(spec),
    operands: ["float32", "float32", "int32", "int32", "int32"],
    body: ([out, y, indices, first, next]) => `${place(n, inner)}
var total = 0.0f;
var j = bitcast<u32>(${first!.load("at")});
if (j < ${m}u && ${indices!.load(`min(j, ${m - 1}u)`)} == i32(at)) {
loop {
if (j >= ${m}u) { break; }
total += ${y!.load(`(outer * ${m}u + j) * ${inner}u + inner`)};
j = bitcast<u32>(${next!.load("j")});
}
}
${out!.store("i", "total")}`,
  });
};

/** The adjoint of `takeAlong`: indices as the values. */
export const scatterAlong = (spec: GatherSpec, name = "scatterAlong"): Kernel =>
  sizeOfSource(spec) === 0
    ? checking(name, sizeOfResult(spec), spec.n, "float32")
    : scatter(spec, name, `(outer * ${spec.m}u + j) * ${spec.inner}u + inner`, {
        checks: "at == 0u",
        rows: spec.outer,
      });

/** The index of the largest or smallest element along an axis: the first of equals, or NaN. */
export function argReduce({ outer, n, inner, kind, dtype }: ArgReduceSpec): Kernel {
  const isInteger = dtype === "int32";
  const isNan = isInteger ? "false" : "is_nan(best)";
  const noBetter = kind === "argMax" ? "<=" : ">=";
  return eachElement(kind, outer * inner, {
    flops: outer * n * inner,
    operands: ["int32", dtype],
    body: ([out, x]) => `let inner = i % ${inner}u;
let first = (i / ${inner}u) * ${n * inner}u + inner;
var best: ${isInteger ? "i32" : "f32"} = ${x!.load("first")};
var found = 0i;
for (var j = 1u; j < ${n}u; j++) {
let value = ${x!.load(`first + j * ${inner}u`)};
if (!(${isNan}) && !(value ${noBetter} best)) { best = value; found = i32(j); }
}
${out!.store("i", "found")}`,
  });
}

/** Places arrays in a larger one. Operands: out, each part. */
export function placeParts({ size, dtype, fill, parts }: PlaceSpec): Kernel {
  const counts = parts.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
  const most = Math.max(...counts);
  if (fill === undefined)
    return eachElement("place", most, {
      flops: 0,
      operands: [dtype, ...parts.map(() => dtype)],
      body: ([out, ...sources]) =>
        parts
          .map((part, k) => {
            if (counts[k] === 0) return "";
            const places = placesOf(axesOf(part.shape, [part]), "i", `q${k}`);
            const to = sumOf(places.termsOf(0), part.offset);
            return `if (i < ${counts[k]}u) {\n${places.code}\n${out!.store(to, sources[k]!.load("i"))}\n}`;
          })
          .join("\n"),
    });
  const [part] = parts as [(typeof parts)[0]];
  const isEmpty = counts[0] === 0;
  const constant = dtype === "int32" ? integer(fill) : float(fill);
  return eachElement("pad", size, {
    flops: 0,
    operands: [dtype, dtype],
    body: ([out, x]) =>
      isEmpty
        ? out!.store("i", constant)
        : padBody(part, constant, out!.store("i", "value"), x!.load),
  });
}

/** The value of element `i` of a padded array: that of the part whose place it is, or the fill. */
function padBody(
  { shape, strides, offset }: PlaceSpec["parts"][0],
  fill: string,
  store: string,
  load: (index: string) => string,
): string {
  // Larger strides first; axes of one element need none.
  const lines = [`var rest = i - ${offset >>> 0}u;`, `var source = 0u;`, `var inside = true;`];
  const axes = shape.map((n, axis) => ({ n, stride: strides[axis]! })).filter(({ n }) => n !== 1);
  let count = shape.reduce((product, n) => product * n, 1);
  for (const { n, stride } of axes) {
    count /= n;
    lines.push(
      `{ let index = rest / ${stride}u; inside = inside && index < ${n}u; rest = rest - index * ${stride}u; source = source + index * ${count}u; }`,
    );
  }
  lines.push(
    `inside = inside && rest == 0u && i >= ${Math.max(0, offset)}u;`,
    `var value = ${fill};`,
    `if (inside) { value = ${load("source")}; }`,
    store,
  );
  return lines.join("\n");
}

/** Threefry-2×32 with 20 rounds: Salmon et al. (2011). Operands: out, seed, step. */
export function uniform({ length, stream }: UniformSpec): Kernel {
  const half = Math.floor((length + 1) / 2);
  return eachElement("uniform", half, {
    flops: 45 * half, // as every engine counts: integer operations, for two draws
    operands: ["float32", "int32", "int32"],
    body([out, seed, step]) {
      const keys = ["k0", "k1", "k2"];
      const rounds = Array.from({ length: 20 }, (_, round) => {
        const turn = threefryRotations[round % 8]!;
        const lines = ["a = a + b;", `b = ((b << ${turn}u) | (b >> ${32 - turn}u)) ^ a;`];
        if (round % 4 === 3) {
          const s = (round + 1) / 4;
          lines.push(`a = a + ${keys[s % 3]!};`, `b = b + ${keys[(s + 1) % 3]!} + ${s}u;`);
        }
        return lines.join(" ");
      });
      const number = (word: string): string => `f32(${word} >> 8u) * 5.9604644775390625e-8f`;
      return `let k0 = bitcast<u32>(${seed!.load("0u")});
let k1 = bitcast<u32>(${step!.load("0u")});
let k2 = 0x1bd11bdau ^ k0 ^ k1;
var a = i + k0;
var b = ${stream >>> 0}u + k1;
${rounds.join("\n")}
${out!.store("i", number("a"))}
if (${half}u + i < ${length}u) { ${out!.store(`${half}u + i`, number("b"))} }`;
    },
  });
}
