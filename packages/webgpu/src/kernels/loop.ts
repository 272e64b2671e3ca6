import type { DType } from "@tenon/contracts";
import { operationCount, type Loop, type LoopEpilogue } from "@tenon/plan";
import { sizeOf } from "@tenon/tensor";
import { statements } from "./expression.js";
import { invocations, type Kernel, type Operand } from "./kernel.js";
import { axesOf, isAligned, placesOf, sumOf } from "./places.js";

/** More workgroups than this do not make a GPU busier: each then takes several elements. */
const mostWorkgroups = 8192;

/** The dtype of each input of a loop. */
export const inputTypes = ({ inputs, body }: Loop): DType[] =>
  inputs.map((_, input) => {
    const load = body.find((node) => node.op === "load" && node.input === input);
    return load?.dtype ?? "float32";
  });

/** The operands of a loop's kernel: its outputs, its inputs, the words of its checks. */
export const operandTypes = (loop: Loop): DType[] => [
  ...loop.outputs.map((k) => loop.body[k]!.dtype),
  ...inputTypes(loop),
  ...(loop.checks ? (["int32"] as const) : []),
];

/**
 * The statements that compute a loop at a position and store its outputs.
 *
 * @param operands as of `operandTypes`
 * @param position a constant of type u32 that is in scope
 */
export function loopAt(loop: Loop, operands: readonly Operand[], position: string): string {
  const { shape, inputs, body, outputs, checks = [] } = loop;
  const places = placesOf(axesOf(shape, inputs), position, "p");
  const load = (input: number): string =>
    operands[outputs.length + input]!.load(sumOf(places.termsOf(input), inputs[input]!.offset));
  const words = operands[outputs.length + inputs.length];
  return [
    places.code,
    statements(body, load),
    ...outputs.map((k, i) => operands[i]!.store(position, `v${k}`)),
    ...checks
      .filter((k) => body[k]!.dtype === "float32")
      .map((k) => `if (!is_finite(v${k})) { ${words!.store("0u", "0i")} }`),
  ].join("\n");
}

/**
 * The operands of a kernel that computes a loop as it stores its results: the loop's outputs, or
 * the results themselves where there is none, the kernel's inputs, the loop's other operands.
 */
export function storingTypes(
  epilogue: LoopEpilogue | undefined,
  result: DType,
  inputs: readonly DType[],
): DType[] {
  if (!epilogue) return [result, ...inputs];
  const { loop, input } = epilogue;
  const outputs = loop.outputs.length;
  const types = operandTypes(loop);
  const others = types.slice(outputs).filter((_, i) => i !== input);
  return [...types.slice(0, outputs), ...inputs, ...others];
}

/** How many operands come before the inputs of such a kernel. */
export const storedCount = (epilogue: LoopEpilogue | undefined): number =>
  epilogue?.loop.outputs.length ?? 1;

/**
 * The statements that store a result, or compute the loop of it.
 *
 * @param operands as of `storingTypes`
 * @param inputs how many the kernel has itself
 * @param value the name of a result
 * @param position a constant of type u32 that is in scope
 */
export function storing(
  epilogue: LoopEpilogue | undefined,
  operands: readonly Operand[],
  inputs: number,
  value: string,
  position: string,
): string {
  if (!epilogue) return operands[0]!.store(position, value);
  const { loop, input } = epilogue;
  const outputs = loop.outputs.length;
  const others = operands.slice(outputs + inputs);
  others.splice(input, 0, { load: () => value, store: () => "" });
  return loopAt(loop, [...operands.slice(0, outputs), ...others], position);
}

/** An elementwise loop: an invocation computes an element, or some a grid apart. */
export function loop(spec: Loop): Kernel {
  const size = sizeOf(spec.shape);
  const needed = Math.ceil(size / invocations);
  const workgroups = Math.min(needed, mostWorkgroups);
  return {
    name: `loop [${spec.shape.join()}]`,
    scratch: 0,
    flops: size * operationCount(spec),
    operands: operandTypes(spec),
    ...(spec.checks && { clears: spec.outputs.length + spec.inputs.length }),
    workgroups,
    span: {
      results: size,
      areAligned: (rows, elements) => [
        ...spec.outputs.map(() => size % rows === 0),
        ...spec.inputs.map((input, i) =>
          isAligned(spec.shape, input, rows, elements[spec.outputs.length + i]!),
        ),
        ...(spec.checks ? [false] : []),
      ],
      body: (operands, begin, end) =>
        `for (var i = ${begin} + t; i < ${end}; i += ${invocations}u) {\n${loopAt(spec, operands, "i")}\n}`,
    },
    body(operands) {
      const first = `g * ${invocations}u + t`;
      const at = loopAt(spec, operands, "i");
      return needed === workgroups
        ? `let i = ${first};\nif (i < ${size}u) {\n${at}\n}`
        : `for (var i = ${first}; i < ${size}u; i += ${workgroups * invocations}u) {\n${at}\n}`;
    },
  };
}
