import type { DType } from "@tenon/contracts";
import { wholeOf, type Buffer, type Step } from "@tenon/plan";
import { invocations, type Kernel, type Operand } from "./kernels/kernel.js";
import { functionsOf } from "./kernels/wgsl.js";
import type { Task } from "./schedule.js";
import { shared, type Draft, type Shader } from "./sharing.js";

export interface ComposeOptions {
  /** Byte offset of every array in the buffer: of one that has two places, of the first. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Arrays that have two places, and whether they are read and written at the present one. */
  readonly alternating?: Alternating | undefined;
  readonly bytes: number;
  /** Arrays that are not written once an index was out of bounds. */
  readonly stateBuffers: ReadonlySet<Buffer>;
  /** The number of each kernel that may fail: its word of the status. */
  readonly failures: ReadonlyMap<Step<Kernel>, number>;
  /**
   * Whether each task has a dispatch of its own: a GPU skips the code of the tasks that a workgroup
   * does not do, a software adapter runs it without effect.
   */
  readonly isApart: boolean;
}

/** Arrays with two places, of which one is the present one. */
export interface Alternating {
  /** Old state is read here, new state is written there. */
  readonly placeOf: ReadonlyMap<Buffer, "here" | "there">;
  /** Byte offset of the word that says by how many words the present place is behind the first. */
  readonly hereAt: number;
  /** By how many the second one is. */
  readonly distance: number;
}

/** Kernels of more workgroups fill a GPU alone: one that needs few registers stays apart. */
const mostWorkgroups = 4096;

/** The shaders of some dispatches: small tasks of one share a shader. */
export const shadersOf = (
  dispatches: readonly (readonly Task[])[],
  options: ComposeOptions,
): Shader[] =>
  shared(
    dispatches.flatMap((tasks) => {
      const working = tasks.flatMap((task) => {
        const work = workOf(task);
        return work.workgroups > 0 ? [work] : [];
      });
      const joins = ({ workgroups }: Work): boolean =>
        !options.isApart && workgroups <= mostWorkgroups;
      const small = working.filter(joins);
      const apart = working.filter((work) => !joins(work));
      return [...apart.map((work) => [work]), ...(small.length > 0 ? [small] : [])].map((works) =>
        draftOf(works, options),
      );
    }),
  );

/** A task as the work of some workgroups. */
interface Work {
  readonly steps: readonly Step<Kernel>[];
  readonly workgroups: number;
  readonly by: "number" | "span";
  /** The statements for the workgroup `g` of it. @param nameOf the function of a step */
  body(nameOf: (step: Step<Kernel>) => string): string;
}

function workOf({ levels, rows }: Task): Work {
  const steps = levels.flat();
  const [step] = steps as [Step<Kernel>];
  if (rows === 0)
    return {
      ...{ steps, workgroups: step.kernel.workgroups, by: "number" },
      body: (nameOf) => `${nameOf(step)}(g, t);`,
    };
  const widthOf = ({ kernel }: Step<Kernel>): number => kernel.span!.results / rows;
  const most = Math.max(...steps.map(widthOf));
  const perGroup = Math.max(1, Math.min(Math.floor(invocations / most), Math.ceil(rows / 128)));
  return {
    ...{ steps, workgroups: Math.ceil(rows / perGroup), by: "span" },
    body(nameOf) {
      const calls = levels.map((level) =>
        level
          .map((step) => `${nameOf(step)}(row * ${widthOf(step)}u, end * ${widthOf(step)}u, t);`)
          .join("\n"),
      );
      return `let row = g * ${perGroup}u;
let end = min(${rows}u, row + ${perGroup}u);
${calls.join("\nstorageBarrier();\n")}`;
    },
  };
}

/** Works at the same time: the number of a workgroup says which it does. */
function draftOf(works: readonly Work[], options: ComposeOptions): Draft {
  const values: number[] = [];
  const open = (value: number): string => `@${values.push(value) - 1}@`;
  const steps = works.flatMap((work) => work.steps);
  const nameOf = (step: Step<Kernel>): string => `k${steps.indexOf(step)}_run`;
  let first = 0;
  const parts: string[] = [];
  const branches: string[] = [];
  works.forEach(({ steps: own, workgroups, by, body }, i) => {
    for (const step of own)
      parts.push(kernelCode(step, `k${steps.indexOf(step)}_`, { ...options, by, open }));
    parts.push(`fn work${i}(g: u32, t: u32) {\n${body(nameOf)}\n}`);
    const begin = first;
    first += workgroups;
    branches.push(`if (g < ${first}u) { work${i}(${begin === 0 ? "g" : `g - ${begin}u`}, t); }`);
  });
  const code = moduleOf(steps, parts, branches.join("\nelse "), options);
  return { steps, workgroups: first, code, values };
}

/** One module: memory is one buffer of words, in which each operand has its place. */
function moduleOf(
  steps: readonly Step<Kernel>[],
  parts: readonly string[],
  main: string,
  { bytes, alternating }: ComposeOptions,
): string {
  const tiles = Math.max(0, ...steps.map(({ kernel }) => kernel.tiles ?? 0));
  const cells = Math.max(0, ...steps.map(({ kernel }) => kernel.cells ?? 0));
  const code = parts.join("\n");
  const usesStatus = /\bstatus\[/.test(code);
  const functions = functionsOf(code);
  const hides = functions.includes("no_bits");
  const alternates = /\[(here|there) \+/.test(code);
  return `@group(0) @binding(0) var<storage, read_write> memory: array<u32, ${bytes / 4}>;
${usesStatus ? "@group(0) @binding(1) var<storage, read_write> status: array<atomic<u32>>;" : ""}
${tiles > 0 ? `var<workgroup> tiles: array<vec4f, ${tiles}>;` : ""}
${cells > 0 ? `var<workgroup> cells: array<u32, ${cells * invocations}>;` : ""}
${hides ? "var<private> no_bits: u32;" : ""}
${alternates ? "var<private> here: u32;\nvar<private> there: u32;" : ""}
${functions}
${code}
@compute @workgroup_size(${invocations})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
@place@
${hides ? "no_bits = t >> 31u;" : ""}
${
  alternates
    ? `here = memory[${alternating!.hereAt / 4}u];\nthere = ${alternating!.distance}u - here;`
    : ""
}
let g = group.x + group.y * groups.x;
${main}
}
`;
}

interface KernelOptions extends ComposeOptions {
  readonly by: "number" | "span";
  /** Leaves a number of the code open. */
  open(value: number): string;
}

/** The functions of one step: for a workgroup by its number, or for a span of results. */
function kernelCode(step: Step<Kernel>, prefix: string, options: KernelOptions): string {
  const { failures, by, open } = options;
  const { kernel } = step;
  const operands = operandsOf(step, options);
  const failure = failures.get(step);
  const fail =
    failure === undefined
      ? ""
      : `fn ${prefix}fail(index: i32) {
  atomicMin(&status[${open(1 + failure)}], bitcast<u32>(index) ^ 0x80000000u);
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

/** The arrays of a step, each in the buffer from an offset in elements on. */
const operandsOf = (
  { kernel, operands: buffers, writes }: Step<Kernel>,
  { offsets, stateBuffers, failures, alternating, open }: KernelOptions,
): Operand[] =>
  kernel.operands.map((dtype, i) => {
    const { of, at } = wholeOf(buffers[i]!);
    const place = alternating?.placeOf.get(of);
    const offset = open((offsets.get(of)! + at) / 4);
    const isGuarded = failures.size > 0 && writes.includes(i) && stateBuffers.has(of);
    return operandOf(place ? `${place} + ${offset}` : offset, dtype, isGuarded);
  });

function operandOf(offset: string, dtype: DType, isGuarded: boolean): Operand {
  const type = dtype === "int32" ? "i32" : "f32";
  const at = (index: string): string => `memory[${offset} + ${index}]`;
  return {
    load: (index) => `bitcast<${type}>(${at(index)})`,
    store: (index, value) => {
      const store = `${at(index)} = bitcast<u32>(${value});`;
      return isGuarded ? `if (atomicLoad(&status[0u]) == 0u) { ${store} }` : store;
    },
  };
}
