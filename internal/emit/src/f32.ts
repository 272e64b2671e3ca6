// Float32 scalars.
import { unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { F32, I32, Word } from "./value.js";

const compare = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: F32, b: F32): I32 =>
    value("i32", a.code, b.code, opcode);

export const add = (a: F32, b: F32): F32 => value("f32", a.code, b.code, 0x92);
export const eq: (a: F32, b: F32) => I32 = compare(0x5b);
export const le: (a: F32, b: F32) => I32 = compare(0x5f);
export const ge: (a: F32, b: F32) => I32 = compare(0x60);
export const load = (address: Word, offset = 0): F32 =>
  value("f32", word(address).code, 0x2a, 2, unsigned(offset));
