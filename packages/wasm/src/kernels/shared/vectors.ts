import {
  i32,
  index,
  type FunctionBuilder,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";

/** Channels for whom code is emitted. */
export interface Vectors {
  /** Bytes from the first channel. */
  readonly channel: Local<"i32">;
  /** How many there are in a vector. */
  readonly lanes: number;
  /**
   * Emits the code of each vector, statement by statement side by side if there are two; offsets
   * get its shift. Loops must lie outside.
   */
  all<T>(code: (shift: number, vector: number) => T): T[];
}

/**
 * Emits code for channels `from` up to `until`, in bytes, four at a time, or twice four side by
 * side, if `pairs` may be; and then, if there are any, for those left of all. V8 sees only then
 * that two vectors lie side by side when both add to one local: addresses are computed before
 * `all`.
 */
export function eachVectors(
  f: FunctionBuilder,
  { features }: ModuleBuilder,
  channels: number,
  visit: (vectors: Vectors) => void,
  { range, pairs = true }: { range?: readonly [Index, Index]; pairs?: boolean } = {},
): void {
  const whole = channels - (channels % 4);
  const [from, until] = range ?? [0, 4 * whole];
  const channel = f.local("i32");
  const end = f.local("i32", index(until));
  const turn = (vectors: number): void => {
    visit({ channel, lanes: 4, all: (code) => beside(f, vectors, code) });
    f.bump(channel, 16 * vectors);
  };
  const some = (vectors: number): void =>
    f.repeat((again, exit) => {
      f.jumpIf(i32.gtS(i32.add(channel, 16 * vectors), end), exit);
      turn(vectors);
      f.jump(again);
    });
  f.set(channel, from);
  if (features.vectors256 && pairs && channels >= 8) some(2);
  if (!range && whole === 4)
    turn(1); // a loop for one turn would cost as much as what it does
  else if (channels >= 4) some(1);
  if (channels > whole)
    f.if(i32.eq(channel, 4 * whole), () =>
      visit({ channel, lanes: channels - whole, all: (code) => beside(f, 1, code) }),
    );
}

function beside<T>(
  f: FunctionBuilder,
  vectors: number,
  code: (shift: number, vector: number) => T,
): T[] {
  const made: T[] = [];
  f.interleave(
    Array.from({ length: vectors }, (_, k) => () => {
      made.push(code(16 * k, k));
    }),
  );
  return made;
}
