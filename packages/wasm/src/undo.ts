import { calm } from "./kernels/loop.js";

/** What a step that may have to be undone leaves in memory. */
export interface Undoable {
  /** Of new values: whether all are finite, whether all are calm; and whether old ones are to be kept in any case. */
  readonly words: Int32Array;
  /** Whether all that is known before anything is changed is finite. */
  readonly first: Int32Array;
  readonly schedules: readonly ArrayLike<number>[];
  /** Arrays of the state, and where their old values are, if they were kept. */
  readonly states: readonly { readonly now: Float32Array | Int32Array; readonly kept: Float32Array | Int32Array }[];
  /** Whether calm numbers make finite ones. */
  readonly tame: boolean;
}

export interface Undo {
  /** The state was replaced. */
  loaded(): void;
  begin(): void;
  /** Now the first word says whether the step is to stand. */
  end(): void;
  /** Puts old values back if it is not. */
  putBack(): void;
}

/**
 * A step changes all of its state or nothing. Slopes and statistics are looked at before anything is changed. New parameters and
 * slots are only looked at as they are written; old values are kept where numbers are so large, or the rule such, that new
 * ones might not be finite. To keep them in every step would make small networks a fifth slower.
 */
export function undoing({ words, first, schedules, states, tame }: Undoable): Undo {
  let wary = true;
  const isCalm = (x: number): boolean => Math.abs(x) <= calm;
  return {
    loaded() { wary = !states.every(({ now }) => now.every(isCalm)); },
    begin() {
      words[0] = words[1] = 1;
      words[2] = !tame || wary || !schedules.every((value) => isCalm(value[0]!)) ? 1 : 0;
    },
    end() {
      wary = words[1] === 0;
      if (first[0] === 0) words[0] = 0;
    },
    putBack() {
      if (words[0] === 1 || first[0] === 0) return;
      if (first[1] === 1 && words[2] === 0) throw new Error("step: expected finite numbers, got others from an optimizer whose gradients and slots were finite; the state may be half replaced, load a saved one");
      for (const { now, kept } of states) now.set(kept);
    },
  };
}
