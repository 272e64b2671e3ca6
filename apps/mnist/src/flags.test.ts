import { tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import { complete, models, optimizers, schedules, type Config } from "./config.js";
import { refuseIdle } from "./flags.js";
import { modelOf } from "./models.js";
import { optimizerOf, rateOf } from "./optimizer.js";

describe("flags that do nothing", () => {
  /**
   * What a configuration determines: the parameters of the model, and two steps of the optimizer,
   * of gradients that are small enough not to be clipped.
   */
  function outcome(config: Config): string {
    const plan = modelOf(config).plan([28, 28, 1]);
    const path = "branch1/w"; // as of a member
    const rate = rateOf(config, 4);
    const rule = optimizerOf(config, 4);
    const like = (value: number) => tensor([value, -value], [2, 1]);
    const slots = rule.slots({ [path]: [2, 1] });
    let state = Object.fromEntries(
      Object.entries(slots).map(([slot, specs]) => [
        slot,
        Object.fromEntries(
          Object.entries(specs).map(([name, { shape, start }]) => [
            name,
            start === "parameter" ? like(1) : tensor(start).broadcastTo(shape),
          ]),
        ),
      ]),
    );
    const updates: number[] = [];
    for (let step = 0; step < 2; step++) {
      const next = rule.update(
        { updates: { [path]: like((step + 2) / 10) }, params: { [path]: like(1) }, slots: state },
        { value: (schedule) => tensor(typeof schedule === "number" ? schedule : schedule(step)) },
      );
      state = next.slots as typeof state;
      updates.push(...next.updates[path]!.data());
    }
    return JSON.stringify([
      Object.entries(plan.params).map(([path, { shape }]) => [path, shape]),
      Array.from({ length: 12 }, (_, step) => (typeof rate === "number" ? rate : rate(step))),
      updates,
    ]);
  }
  const others = {
    filters: 8,
    members: 2,
    decay: 0.37,
    warmup: 0.6,
    momentum: 0.4,
    beta2: 0.9,
  } as const;

  test.each(
    models.flatMap((model) =>
      optimizers.flatMap((optimizer) =>
        schedules.map((schedule) => [model, optimizer, schedule] as const),
      ),
    ),
  )(
    "%s, %s, %s: those are refused that change nothing, and no others",
    (model, optimizer, schedule) => {
      const config = complete({ model, optimizer, schedule, epochs: 3 });
      for (const [key, value] of Object.entries(others)) {
        const changed = { ...config, [key]: value };
        const idle = outcome(changed) === outcome(config);
        const refuse = (): void => refuseIdle({ [key]: value }, changed, {});
        if (idle) expect(refuse, key).toThrow(`--${key} does nothing here: it is for --`);
        else expect(refuse, key).not.toThrow();
      }
    },
  );

  test("only flags that are given are checked, not those of a recipe", () => {
    const config = complete({ schedule: "constant" }, "fast");
    expect(config.warmup).toBe(0.25);
    expect(() => refuseIdle({ schedule: "constant" }, config, {})).not.toThrow();
    expect(() => refuseIdle({ warmup: 0.25 }, config, {})).toThrow("--warmup does nothing here");
  });
});
