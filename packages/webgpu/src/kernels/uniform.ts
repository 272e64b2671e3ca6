import { threefryRotations, type UniformSpec } from "@tenon/plan";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";

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
