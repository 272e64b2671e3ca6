import type { Arithmetic, Clock, Flow, Transform } from "@tenon/contracts";
import { inNameOf } from "@tenon/guards";

/**
 * One transform after another, under a name of its own. No two of them may have a slot of one name,
 * and each must return the slots of the others as they are, as those here do; `chain` takes any.
 */
export const sequence = (name: string, transforms: readonly Transform[]): Transform => ({
  name,
  slots: (shapes) => Object.assign({}, ...transforms.map((transform) => transform.slots(shapes))),
  update: <T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T> =>
    transforms.reduce((now, transform) => transform.update(now, clock), flow),
});

/** The same, of transforms whose errors about options are in its name, too. */
export const preset = (name: string, make: () => readonly Transform[]): Transform =>
  sequence(name, inNameOf(name, make));
