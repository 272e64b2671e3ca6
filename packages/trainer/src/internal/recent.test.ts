import fc from "fast-check";
import { expect, test } from "vitest";
import { recent } from "./recent.js";

test("what is among the last keys is kept, what is not is made again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (asked, most) => {
        const values = recent<number, object>(most);
        let order: number[] = [];
        for (const key of asked) {
          let made = false;
          values.get(key, () => {
            made = true;
            return { key };
          });
          expect(made).toBe(!order.includes(key));
          order = [...order.filter((other) => other !== key), key].slice(-most);
          expect([...values.values()]).toEqual(order.map((one) => ({ key: one })));
        }
      },
    ),
  );
});

test("a value may be undefined", () => {
  const values = recent<string, undefined>(2);
  let times = 0;
  for (let i = 0; i < 3; i++) values.get("a", () => void times++);
  expect(times).toBe(1);
});
