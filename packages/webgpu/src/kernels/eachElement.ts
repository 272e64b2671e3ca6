import { invocations, type Kernel, type Operand } from "./kernel.js";

/** A kernel that computes one result for each invocation. */
export function eachElement(
  name: string,
  size: number,
  description: Pick<Kernel, "operands" | "mayFail" | "flops" | "clears"> & {
    /** Rows of which each uses one row of every operand. @defaultValue none */
    readonly rows?: number;
    /** The statements for result `i`. */
    body(operands: readonly Operand[]): string;
  },
): Kernel {
  const { rows: most, ...rest } = description;
  return {
    ...rest,
    ...(most !== undefined && {
      span: {
        results: size,
        areAligned: (rows: number) => description.operands.map(() => most % rows === 0),
        body: (operands: readonly Operand[], begin: string, end: string) =>
          `for (var i = ${begin} + t; i < ${end}; i += ${invocations}u) {\n${description.body(operands)}\n}`,
      },
    }),
    name: `${name} [${size}]`,
    scratch: 0,
    workgroups: Math.ceil(size / invocations),
    body: (operands) =>
      `let i = g * ${invocations}u + t;\nif (i < ${size}u) {\n${description.body(operands)}\n}`,
  };
}
