import { calm } from "../loop.js";
import { calmSchedule } from "./bounds.js";

/** What a step that may have to be undone leaves in memory. */
export interface Undoable {
  /**
   * Of new values: whether all are finite, whether all are calm; and whether old ones are to be
   * kept in any case.
   */
  readonly words: Int32Array;
  /** Of what is known before anything is changed: whether all is finite, whether all is calm. */
  readonly first: Int32Array;
  /** `notNegative`: whether it must not be negative for calm numbers to make finite ones. */
  readonly schedules: readonly {
    readonly value: ArrayLike<number>;
    readonly notNegative: boolean;
  }[];
  /** Arrays of the state, and where their old values are, if they were kept. */
  readonly states: readonly {
    readonly now: Float32Array | Int32Array;
    readonly kept: Float32Array | Int32Array;
    readonly notNegative: boolean;
  }[];
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
 * A step changes all of its state or nothing. Most is looked at before anything is changed. Large
 * new values are only looked at as they are written; their old values are kept where numbers are so
 * large, or the rule such, that they might not be finite. To keep them in every step would make
 * small networks a fifth slower.
 */
export function undoing({ words, first, schedules, states, tame }: Undoable): Undo {
  /** Whether the state may hold what is not calm, and what the bounds take to be not negative. */
  let wary = true;
  let negative = false;
  const isCalm = (x: number): boolean => Math.abs(x) <= calm;
  return {
    loaded() {
      wary = !states.every(({ now }) => now.every(isCalm));
      negative = states.some((state) => state.notNegative && state.now.some((x) => x < 0));
    },
    begin() {
      words[0] = words[1] = 1;
      const usual = schedules.every(({ value, notNegative }) => {
        const at = value[0]!;
        return Math.abs(at) <= calmSchedule && (at >= 0 || !notNegative);
      });
      words[2] = !tame || wary || negative || !usual ? 1 : 0;
    },
    end() {
      wary = words[1] === 0 || first[1] === 0;
      if (first[0] === 0) words[0] = 0;
    },
    putBack() {
      if (words[0] === 1 || first[0] === 0) return;
      if (first[1] === 1 && words[2] === 0) {
        throw new Error(
          "step: expected finite numbers, got others from an optimizer whose gradients and slots " +
            "were finite; the state may be half replaced, load a saved one",
        );
      }
      for (const { now, kept } of states) now.set(kept);
    },
  };
}
