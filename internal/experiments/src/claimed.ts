import type { Claim } from "./claim.js";
import { startValues } from "./controls.js";
import type { Control, Experiment, Values } from "./experiment.js";

/** The values of all controls, of which one is at one of its ends, or at another choice. */
export const otherValues = (of: Experiment, { id, ...control }: Control): readonly Values[] =>
  (control.kind === "number"
    ? [control.from, control.to]
    : control.choices.filter((choice) => choice !== control.start)
  ).map((value) => ({ ...startValues(of), [id]: value }));

/** What the arms of a claim are, as text, without what only pictures make of them. */
export function claimedArms(of: Experiment, claim: Claim, values: Values): string {
  const arms = of.arms(values);
  const names = "better" in claim ? [claim.better, claim.than] : [claim.arm];
  const trained = (of.groups ? Object.keys(arms) : names).map((name) => arms[name] ?? null);
  return JSON.stringify(trained, (key, value: unknown) => (key === "isShown" ? null : value));
}

/** The controls that change an arm that something is claimed about, not a reader's own alone. */
export const claimedControls = (of: Experiment): readonly string[] =>
  of.controls
    .filter((control) =>
      otherValues(of, control).some((values) =>
        of.claims.some(
          (claim) => claimedArms(of, claim, values) !== claimedArms(of, claim, startValues(of)),
        ),
      ),
    )
    .map(({ id }) => id);
