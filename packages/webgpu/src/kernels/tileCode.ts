import { invocations } from "./kernel.js";
import type { ProductSpec } from "./product.js";
import type { Tile } from "./tiles.js";

/** What the code of a tile is made of. */
export interface TileCode {
  readonly spec: ProductSpec;
  readonly tile: Tile;
  /** Tiles in a row of the result, and in a column. */
  readonly across: number;
  readonly down: number;
  /** Parts of the sums, and products in each. */
  readonly used: number;
  readonly perPart: number;
  /** Invocations that share an element. */
  readonly slices: number;
  /** The vec4f between neighbours along k of each factor's tile. */
  readonly strides: { readonly a: number; readonly b: number };
  /** Of the names of the kernel's functions. */
  readonly prefix: string;
}

const list = (n: number): number[] => [...Array(n).keys()];
const lanes = ["x", "y", "z", "w"];

/** Invocations that have a sum of each element. */
const shareOf = ({ tile }: TileCode): number => (tile.m / tile.rows) * (tile.n / tile.columns);

/** The variables that hold an invocation's sums: four columns of a row each. */
const sumsOf = ({ tile }: TileCode): string[] =>
  list(tile.rows).flatMap((row) => list(tile.columns / 4).map((vector) => `c${row}_${vector}`));

interface Copies {
  /** Variables for what is loaded, and what the rows of each load have in common. */
  readonly rows: string;
  /** Loads a factor's tile into them. */
  readonly load: string;
  /** Stores it in the workgroup's memory. */
  readonly store: string;
}

function copiesOf(code: TileCode, which: "a" | "b"): Copies {
  const { spec, tile, perPart, strides } = code;
  const { alongK } = spec[which];
  const name = `${code.prefix}${which}`;
  const vectors = (which === "a" ? tile.m : tile.n) / 4;
  const count = vectors * tile.k;
  const origin = which === "a" ? "m0" : "n0";
  const base = which === "a" ? 0 : tile.k * strides.a;
  const test = (id: string): string => (spec.k % perPart === 0 ? "true" : `k0 + ${id}k < end`);
  const parts = list(Math.ceil(count / invocations)).map((e) => {
    const position = e === 0 ? "t" : `(t + ${e * invocations}u)`;
    const id = `${which}${e}`;
    const value = lanes
      .map((_, lane) => `${name}(${id}r${lane}, ${id}i + ${lane}u, at, isInside)`)
      .join(", ");
    const guard = (e + 1) * invocations <= count ? "" : `if (${position} < ${count}u) `;
    return {
      rows: [
        `var ${id} = vec4f();`,
        `let ${id}k = ${alongK ? `${position} % ${tile.k}u` : `${position} / ${vectors}u`};`,
        `let ${id}v = ${alongK ? `${position} / ${tile.k}u` : `${position} % ${vectors}u`};`,
        `let ${id}i = ${origin} + 4u * ${id}v;`,
        ...lanes.map((_, lane) => `let ${id}r${lane} = ${name}_row(batch, ${id}i + ${lane}u);`),
      ].join("\n"),
      load: `${guard}{
let isInside = ${test(id)};
let at = ${name}_k(batch, k0 + ${id}k);
${id} = vec4f(${value});
}`,
      store: `${guard}{ tiles[${base}u + ${id}k * ${strides[which]}u + ${id}v] = ${id}; }`,
    };
  });
  const joined = (key: keyof Copies): string => parts.map((part) => part[key]).join("\n");
  return { rows: joined("rows"), load: joined("load"), store: joined("store") };
}

/** Adds the products at `kk` to the sums. */
function multiplied({ tile, strides }: TileCode): string {
  const [rowVectors, columnVectors] = [tile.rows / 4, tile.columns / 4];
  const behindA = tile.k * strides.a;
  const a = list(rowVectors).map(
    (v) => `let p${v} = tiles[kk * ${strides.a}u + row * ${rowVectors}u + ${v}u];`,
  );
  const b = list(columnVectors).map(
    (v) =>
      `let q${v} = tiles[${behindA}u + kk * ${strides.b}u + column * ${columnVectors}u + ${v}u];`,
  );
  const sums = list(tile.rows).flatMap((row) =>
    list(columnVectors).map(
      (v) => `c${row}_${v} = fma(vec4f(p${row >> 2}.${lanes[row & 3]!}), q${v}, c${row}_${v});`,
    ),
  );
  return [...a, ...b, ...sums].join("\n");
}

/** Adds the sums of all slices as a tree in the workgroup's memory, two slices at a time. */
function slicesAdded(code: TileCode): string {
  const { tile, slices } = code;
  const sums = sumsOf(code);
  const share = shareOf(code);
  const perTile = (tile.m * tile.n) / 4;
  const place = (i: number, j: number): string => `tiles[${i * perTile + j * share}u + local]`;
  const lines: string[] = [];
  for (let half = slices / 2; half >= 1; half /= 2)
    for (let round = 0; round < half; round += 2) {
      const writers = list(Math.min(2, half - round)).map((i) => half + round + i);
      const puts = writers.map(
        (writer, i) =>
          `if (slice == ${writer}u) { ${sums.map((c, j) => `${place(i, j)} = ${c};`).join(" ")} }`,
      );
      const adds = writers.map(
        (writer, i) =>
          `if (slice == ${writer - half}u) { ${sums.map((c, j) => `${c} += ${place(i, j)};`).join(" ")} }`,
      );
      lines.push("workgroupBarrier();", ...puts, "workgroupBarrier();", ...adds);
    }
  return lines.join("\n");
}

/** Puts the sums where they belong, row by row of each invocation's tile, through that memory. */
function sumsPut(code: TileCode): string {
  const { spec, tile, used, slices } = code;
  const { batch, m, n, rowStride, batchStride } = spec;
  const columnVectors = tile.columns / 4;
  const together = (tile.m / tile.rows) * tile.n;
  const isWhole = m % tile.m === 0 && n % tile.n === 0;
  const to =
    used > 1
      ? `part * ${batch * m * n}u + (batch * ${m}u + i0) * ${n}u + j0`
      : `i0 * ${rowStride}u + batch * ${batchStride}u + j0`;
  const rows = list(tile.rows).map((r) => {
    const stores = list(columnVectors).map(
      (v) => `tiles[row * ${tile.n / 4}u + column * ${columnVectors}u + ${v}u] = c${r}_${v};`,
    );
    return `workgroupBarrier();
${slices > 1 ? `if (slice == 0u) { ${stores.join(" ")} }` : stores.join("\n")}
workgroupBarrier();
for (var e = t; e < ${together}u; e += ${invocations}u) {
let i0 = m0 + (e / ${tile.n}u) * ${tile.rows}u + ${r}u;
let j0 = n0 + e % ${tile.n}u;
${isWhole ? "" : `if (i0 < ${m}u && j0 < ${n}u) `}{ ${code.prefix}put(${to}, tiles[e >> 2u][e & 3u]); }
}`;
  });
  return rows.join("\n");
}

/** The body of a product's kernel: a workgroup has a tile of the result, or a part of its sums. */
export function tileBody(code: TileCode): string {
  const { spec, tile, across, down, used, perPart, slices } = code;
  const share = shareOf(code);
  const columns = tile.n / tile.columns;
  const [a, b] = [copiesOf(code, "a"), copiesOf(code, "b")];
  const load = `if (k0 < end) {\n${a.load}\n${b.load}\n}`;
  return `let n0 = (g % ${across}u) * ${tile.n}u;
let m0 = ((g / ${across}u) % ${down}u) * ${tile.m}u;
let part = (g / ${across * down}u) % ${used}u;
let batch = g / ${across * down * used}u;
let slice = t / ${share}u;
let local = t % ${share}u;
let column = local % ${columns}u;
let row = local / ${columns}u;
var k0 = part * ${perPart}u;
let end = min(${spec.k}u, k0 + ${perPart}u);
${sumsOf(code)
  .map((c) => `var ${c} = vec4f();`)
  .join("\n")}
${a.rows}
${b.rows}
${load}
loop {
if (k0 >= end) { break; }
${a.store}
${b.store}
workgroupBarrier();
k0 += ${tile.k}u;
${load}
for (var s = 0u; s < ${tile.k / slices}u; s++) {
let kk = s * ${slices}u + slice;
${multiplied(code)}
}
workgroupBarrier();
}
${slicesAdded(code)}
${sumsPut(code)}`;
}
