import type { Shape, Transform } from "@tenon/contracts";
import { format } from "prettier";
import { expect, test } from "vitest";
import { initSlots } from "../../initSlots.js";
import { compile, compileInstruction } from "./compile.js";
import { rules } from "./compiledRules.js";
import { instructions, namesOf, type InstructionName } from "./instructions.js";
import { loopOf, type Instruction, type Loop } from "./loop.js";
import { planTransform } from "./planTransform.js";

/** The loops over one parameter. */
function loopsOf(rule: Transform): readonly Loop[] {
  const shape: Shape = [100];
  const w = { shape, dtype: "float32" as const, data: new Float32Array(100) };
  const { plan } = planTransform("onArrays", rule, { w }, initSlots(rule, { w }), () => 0);
  return plan.stages.flatMap(({ loops }) => loops);
}

const command = "npm test -- packages/optimizers/src/internal/arrays/compiled -u";
const formatted = (code: string): Promise<string> =>
  format(code, { parser: "typescript", printWidth: 100 });

/** The source of compiled.ts, given its entries. */
const source = (kernels: readonly string[], loops: readonly string[]): string => `
// Written by compiled.test.ts, with compile.ts:
// ${command}
import type { InstructionName } from "./instructions.js";
import type { Compiled } from "./loop.js";
import { signOf } from "./signOf.js";

/** Each instruction as a loop, for loops that are not among those below. */
export const kernels: Readonly<Record<InstructionName | "sum", Compiled>> = {
${kernels.join(",\n")}
};

/**
 * The loops of this package's rules, by key, compiled ahead of time: a page's policy may forbid
 * WebAssembly, and it forbids code made from text with it.
 */
export const compiled: Readonly<Record<string, Compiled>> = {
${loops.join(",\n")}
};
`;

test("the file of compiled loops is what the rules are compiled to", async () => {
  const found = new Map<string, { readonly rules: string[]; readonly loop: Loop }>();
  for (const [name, rule] of Object.entries(rules))
    for (const loop of loopsOf(rule)) {
      const { rules: previous } = found.get(loop.key!) ?? { rules: [] };
      found.set(loop.key!, { rules: [...previous, name], loop });
    }
  const names = [...namesOf(instructions), "sum"] as const;
  const kernels = names.map((name) => `${name}: ${compileInstruction(name)}`);
  const loops = [...found].map(
    ([key, { rules: using, loop }]) =>
      `${using.map((name) => `// ${name}`).join("\n")}\n${JSON.stringify(key)}: ${compile(loop)}`,
  );
  await expect(await formatted(source(kernels, loops)))
    .toMatchFileSnapshot("compiled.ts")
    .catch((cause: Error) => {
      throw new Error(
        "compiled.ts lacks a loop of a rule, or has one that no rule has; where a page forbids " +
          `WebAssembly it would be interpreted. Write it: ${command}\n${cause.message}`,
        { cause },
      );
    });
});

test("operands and their grouping stay where they are", async () => {
  const instruction = (
    name: InstructionName,
    out: number,
    ...operands: readonly number[]
  ): Instruction => ({ name, out, operands, scalars: [] });
  const [a, b, c, d] = [~0, ~1, ~2, ~3] as const;
  const loop = loopOf(0, [
    instruction("sub", 0, a, b),
    instruction("mul", 1, b, a),
    instruction("div", 1, a, 1),
    instruction("sub", c, 0, 1),
    instruction("add", 0, a, b),
    instruction("neg", d, 0),
  ]);
  const code = await formatted(`export const loop = ${compile(loop)};`);
  expect(code).toContain("C[i] = x0 - x1 - x0 / (x1 * x0);");
  expect(code).toContain("D[i] = -(x0 + x1);");
});
