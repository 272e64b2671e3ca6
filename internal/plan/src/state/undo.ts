import { calm } from "../loop.js";
import { calmSchedule } from "./bounds.js";

/** The memory of a step that may have to be taken back. */
export interface Undoable {
  /**
   * Of new values: whether all are finite, whether all are calm; and whether old values are to be
   * kept in any case.
   */
  readonly words: Int32Array;
  /** Of all values that are checked before any state is replaced: whether they are finite, calm. */
  readonly first: Int32Array;
  /** `notNegative`: whether new values are only then known to be finite if this is not negative. */
  readonly schedules: readonly {
    readonly value: ArrayLike<number>;
    readonly notNegative: boolean;
  }[];
  /** Arrays of the state, and the copies of their old values, if these were kept. */
  readonly states: readonly {
    readonly now: Float32Array | Int32Array;
    readonly kept: Float32Array | Int32Array;
    readonly notNegative: boolean;
  }[];
  /** Whether new values that are computed from calm ones are finite. */
  readonly tame: boolean;
}

export interface Undo {
  /** The state was replaced by the caller. */
  loaded(): void;
  /** Sets the words before a step. */
  begin(): void;
  /**
   * Reads the words after a step. The first one then says whether the step has changed the state.
   */
  end(): void;
  /** Restores old values if it must not. */
  putBack(): void;
}

/**
 * A step changes all of its state or nothing. Most values are checked before any state is replaced.
 * Large new values are checked only as they are written; their old values are kept if values are so
 * large, or the rule is such, that new ones might not be finite. To keep them in every step would
 * make small networks a fifth slower.
 */
export function undoing({ words, first, schedules, states, tame }: Undoable): Undo {
  /** Whether the state may hold values that are not calm. */
  let wary = true;
  /** Whether it holds negative values where the bounds require that there are none. */
  let negative = false;
  const isCalm = (x: number): boolean => Math.abs(x) <= calm;
  return {
    loaded() {
      wary = !states.every(({ now }) => now.every(isCalm));
      negative = states.some((state) => state.notNegative && state.now.some((x) => x < 0));
    },
    begin() {
      words[0] = words[1] = 1;
      const calmSchedules = schedules.every(({ value, notNegative }) => {
        const rate = value[0]!;
        return Math.abs(rate) <= calmSchedule && (rate >= 0 || !notNegative);
      });
      words[2] = !tame || wary || negative || !calmSchedules ? 1 : 0;
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
