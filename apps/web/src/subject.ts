import type { Values } from "@tenon/experiments";
import { nearestValue } from "@tenon/experiments/controls";
import type { Place } from "./fragment.js";
import type { SandboxArm, Subject } from "./protocol.js";
import type { Tip } from "./tip.js";

/** The arms with which the sandbox begins. */
export const firstArms: readonly SandboxArm[] = ["sgd", "adam"].map((optimizer) => ({
  ...{ model: "mlp", optimizer, rate: optimizer === "sgd" ? 0.1 : 0.001, batchSize: 64 },
  ...{ dropout: 0, normalization: "none", activation: "relu" },
}));

/** All screens, by the names that addresses have. */
export const screensOf = (tips: readonly Tip[]): readonly string[] => [
  ...tips.map(({ id }) => id),
  ...["sandbox", "draw"],
];

/** Values of controls: what the address says, as far as the controls have such values. */
export function valuesOf(tip: Tip | undefined, given: Values): Values {
  return Object.fromEntries(
    (tip?.controls ?? []).map((control) => {
      const value = given[control.id];
      const { id, start } = control;
      if (control.kind === "number")
        return [id, typeof value === "number" ? nearestValue(control, value) : start];
      return [id, control.choices.includes(String(value)) ? String(value) : start];
    }),
  );
}

/** What is trained at a place; undefined where nothing is. */
export function subjectOf(place: Place, tips: readonly Tip[]): Subject | undefined {
  const { screen, size, seed, arms = firstArms } = place;
  if (screen === "draw") return undefined;
  const tip = tips.find(({ id }) => id === screen);
  const named = arms.map((arm, i) => [String.fromCharCode(65 + i), { ...arm }]);
  return {
    ...{ tip: screen, values: valuesOf(tip, place.values), size, seed },
    ...(screen === "sandbox" && { arms: Object.fromEntries(named) }),
  };
}
