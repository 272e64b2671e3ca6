import type { GatherSpec, Stages } from "@tenon/plan";
import { eachElement } from "./eachElement.js";
import { checked, checking, place, sizeOfResult, sizeOfSource } from "./indices.js";
import type { Kernel } from "./kernel.js";

// Sums of values at indices, each in the order of the values.

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
  const { n, m, inner, use } = spec;
  return eachElement(name, sizeOfSource(spec), {
    ...(rows !== undefined && { rows }),
    flops: sizeOfSource(spec) * m,
    operands: ["float32", "float32", "int32"],
    mayFail: { n, use },
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
  if (sizeOfSource(spec) === 0) return checking("scatterAdd", outer > 0 ? m : 0, spec, "float32");
  if (sizeOfSource(spec) * m <= mostReads)
    return scatter(spec, "scatterAdd", "j", { checks: "i == 0u" });
  const [out, y, indices, first, next] = [0, 1, 2, 3, 4];
  return {
    temporaries: [4 * n, 4 * m],
    stages: [
      { kernel: links(spec), operands: [first, next, indices] },
      { kernel: sumsOfLinked(spec), operands: [out, y, indices, first, next] },
    ],
  };
}

/**
 * The positions of equal indices, in their order: `first[v]` is the first that has the value v, if
 * there is one; `next[j]` is the next one after j that has the value of j, or m. Operands: first,
 * next, indices [m].
 */
const links = ({ n, m, use }: GatherSpec): Kernel =>
  eachElement("links of equal indices", m, {
    flops: 0,
    operands: ["int32", "int32", "int32"],
    mayFail: { n, use },
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
export const scatterAlong = (spec: GatherSpec): Kernel =>
  sizeOfSource(spec) === 0
    ? checking("scatterAlong", sizeOfResult(spec), spec, "float32")
    : scatter(spec, "scatterAlong", `(outer * ${spec.m}u + j) * ${spec.inner}u + inner`, {
        checks: "at == 0u",
        rows: spec.outer,
      });
