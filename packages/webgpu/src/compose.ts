import type { DType } from "@tenon/contracts";
import { wholeOf, type Buffer, type Step } from "@tenon/plan";
import type { Chain } from "./chains.js";
import { invocations, type Kernel, type Operand } from "./kernels/kernel.js";
import { functionsOf } from "./kernels/wgsl.js";

/** A shader for steps that run at the same time. */
export interface Shader {
  readonly code: string;
  readonly workgroups: number;
  readonly steps: readonly Step<Kernel>[];
}

export interface ComposeOptions {
  /** Byte offset of every array in the buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
  /** Arrays that are not written once an index was out of bounds. */
  readonly stateBuffers: ReadonlySet<Buffer>;
  /** The number of each kernel that may fail: its word of the status. */
  readonly failures: ReadonlyMap<Step<Kernel>, number>;
  /**
   * Whether each kernel has a dispatch of its own, unless it is one of a chain: a GPU skips the code of
   * the kernels that a workgroup does not do, a software adapter runs it without effect.
   */
  readonly isApart: boolean;
}

/** Kernels of more workgroups fill a GPU alone: one that needs few registers stays apart. */
const mostWorkgroups = 4096;

/** The shaders of some groups: a chain is one, small kernels of one group share a dispatch. */
export function shadersOf({ groups, rows }: Chain, options: ComposeOptions): Shader[] {
  if (groups.length > 1) return [chainShader(groups.flat(), rows, options)];
  const working = groups.flat().filter(({ kernel }) => kernel.workgroups > 0);
  const joins = ({ kernel }: Step<Kernel>): boolean =>
    !options.isApart && kernel.workgroups <= mostWorkgroups;
  const small = working.filter(joins);
  const apart = working.filter((step) => !joins(step));
  return [...apart.map((step) => [step]), ...(small.length > 0 ? [small] : [])].map((steps) =>
    groupShader(steps, options),
  );
}

/** Kernels at the same time: the number of a workgroup says whose work it does. */
function groupShader(steps: readonly Step<Kernel>[], options: ComposeOptions): Shader {
  let first = 0;
  const branches = steps.map(({ kernel }, i) => {
    const begin = first;
    first += kernel.workgroups;
    return `if (g < ${first}u) { k${i}_run(${begin === 0 ? "g" : `g - ${begin}u`}, t); }`;
  });
  const parts = steps.map((step, i) => kernelCode(step, `k${i}_`, options));
  const code = moduleOf(steps, parts, branches.join("\nelse "), options);
  return { steps, workgroups: first, code };
}

/** Kernels one after the other: a workgroup does some rows of each. */
function chainShader(
  steps: readonly Step<Kernel>[],
  rows: number,
  options: ComposeOptions,
): Shader {
  const most = Math.max(...steps.map(({ kernel }) => kernel.span!.results / rows));
  const perGroup = Math.max(1, Math.min(Math.floor(invocations / most), Math.ceil(rows / 128)));
  const parts = steps.map((step, i) => kernelCode(step, `k${i}_`, options, "span"));
  const calls = steps.map(({ kernel }, i) => {
    const width = kernel.span!.results / rows;
    return `k${i}_run(row * ${width}u, end * ${width}u, t);`;
  });
  const main = `let row = g * ${perGroup}u;
let end = min(${rows}u, row + ${perGroup}u);
${calls.join("\nstorageBarrier();\n")}`;
  return {
    steps,
    workgroups: Math.ceil(rows / perGroup),
    code: moduleOf(steps, parts, main, options),
  };
}

/** One module: memory is one buffer of words, in which each operand has a fixed place. */
function moduleOf(
  steps: readonly Step<Kernel>[],
  parts: readonly string[],
  main: string,
  { bytes }: ComposeOptions,
): string {
  const tiles = Math.max(0, ...steps.map(({ kernel }) => kernel.tiles ?? 0));
  const cells = Math.max(0, ...steps.map(({ kernel }) => kernel.cells ?? 0));
  const code = parts.join("\n");
  const usesStatus = /\bstatus\[/.test(code);
  const functions = functionsOf(code);
  const hides = functions.includes("no_bits");
  return `@group(0) @binding(0) var<storage, read_write> memory: array<u32, ${bytes / 4}>;
${usesStatus ? "@group(0) @binding(1) var<storage, read_write> status: array<atomic<u32>>;" : ""}
${tiles > 0 ? `var<workgroup> tiles: array<vec4f, ${tiles}>;` : ""}
${cells > 0 ? `var<workgroup> cells: array<u32, ${cells * invocations}>;` : ""}
${hides ? "var<private> no_bits: u32;" : ""}
${functions}
${code}
@compute @workgroup_size(${invocations})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
${hides ? "no_bits = t >> 31u;" : ""}
let g = group.x + group.y * groups.x;
${main}
}
`;
}

/** The functions of one step: for a workgroup by its number, or for a span of results. */
function kernelCode(
  step: Step<Kernel>,
  prefix: string,
  { offsets, stateBuffers, failures }: ComposeOptions,
  by: "number" | "span" = "number",
): string {
  const { kernel, operands: buffers, writes } = step;
  const operands = kernel.operands.map((dtype, i) => {
    const buffer = buffers[i]!;
    const { of, at } = wholeOf(buffer);
    const isGuarded = failures.size > 0 && writes.includes(i) && stateBuffers.has(of);
    return operandOf((offsets.get(of)! + at) / 4, dtype, isGuarded);
  });
  const failure = failures.get(step);
  const fail =
    failure === undefined
      ? ""
      : `fn ${prefix}fail(index: i32) {
  atomicMin(&status[${1 + failure}u], bitcast<u32>(index) ^ 0x80000000u);
  atomicStore(&status[0u], 1u);
}\n`;
  const functions = kernel.functions?.(operands, prefix) ?? "";
  const [parameters, body] =
    by === "number"
      ? ["g: u32", kernel.body(operands, prefix)]
      : ["first: u32, last: u32", kernel.span!.body(operands, "first", "last")];
  const named = body.replaceAll(/\bfail\(/g, `${prefix}fail(`);
  return `${fail}${functions}
// ${step.label}: ${kernel.name}
fn ${prefix}run(${parameters}, t: u32) {
${named}
}`;
}

/** An array in the buffer, from an offset in elements on. */
function operandOf(offset: number, dtype: DType, isGuarded: boolean): Operand {
  const type = dtype === "int32" ? "i32" : "f32";
  const at = (index: string): string => `memory[${offset === 0 ? index : `${offset}u + ${index}`}]`;
  return {
    load: (index) => `bitcast<${type}>(${at(index)})`,
    store: (index, value) => {
      const store = `${at(index)} = bitcast<u32>(${value});`;
      return isGuarded ? `if (atomicLoad(&status[0u]) == 0u) { ${store} }` : store;
    },
  };
}
