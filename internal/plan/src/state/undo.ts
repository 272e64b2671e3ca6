import { calm } from "../loop.js";
import { calmSchedule } from "./powers.js";

/** An array, and whether new values are only then known to be finite if this is not negative. */
export interface Undoable {
  readonly array: Float32Array | Int32Array;
  readonly notNegative: boolean;
}

export interface Undo {
  /** Whether the state may hold values that are not calm. */
  isWary(): boolean;
  /**
   * The state was replaced by the caller.
   *
   * @param isWary whether it may hold values that are not calm; they are read if that is not known
   */
  loaded(isWary?: boolean): void;
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
 *
 * @param words of new values: whether all are finite, whether all are calm; and whether old values
 *   are to be kept in any case
 * @param first of all values that are checked before any state is replaced: whether they are
 *   finite, calm
 * @param states with the copies of their old values, if these were kept
 * @param tame whether new values that are computed from calm ones are finite
 */
export function undoing(
  words: Int32Array,
  first: Int32Array,
  schedules: readonly Undoable[],
  states: readonly (Undoable & { readonly copy: Float32Array | Int32Array })[],
  tame: boolean,
): Undo {
  /** Whether the state may hold values that are not calm. */
  let wary = true;
  /** Whether it holds negative values where the bounds require that there are none. */
  let negative = false;
  // Loops: `some` and `every` take ten times as long.
  const isNegative = ({ array, notNegative }: Undoable): boolean => {
    if (notNegative) for (let i = 0; i < array.length; i++) if (array[i]! < 0) return true;
    return false;
  };
  const isWithin = (array: Float32Array | Int32Array, limit: number): boolean => {
    for (let i = 0; i < array.length; i++) if (!(Math.abs(array[i]!) <= limit)) return false;
    return true;
  };
  return {
    isWary: () => wary,
    loaded(isWary) {
      wary = isWary ?? !states.every(({ array }) => isWithin(array, calm));
      negative = states.some(isNegative);
    },
    begin() {
      words[0] = words[1] = 1;
      const keeps =
        !tame ||
        wary ||
        negative ||
        schedules.some(
          (schedule) => !isWithin(schedule.array, calmSchedule) || isNegative(schedule),
        );
      words[2] = Number(keeps);
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
      for (const { array, copy } of states) array.set(copy);
    },
  };
}
