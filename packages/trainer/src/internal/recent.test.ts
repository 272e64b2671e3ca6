import fc from "fast-check";
import { expect, test } from "vitest";
import { recent } from "./recent.js";

test("the values of the last keys are kept, others are made again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (keys, most) => {
        const values = recent<number, object>(most);
        let order: number[] = [];
        for (const key of keys) {
          let isMade = false;
          values.get(key, () => {
            isMade = true;
            return { key };
          });
          expect(isMade).toBe(!order.includes(key));
          order = [...order.filter((other) => other !== key), key].slice(-most);
          expect([...values.values()]).toEqual(order.map((kept) => ({ key: kept })));
        }
      },
    ),
  );
});
