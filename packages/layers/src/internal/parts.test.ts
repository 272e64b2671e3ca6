import { badArgument } from "@tenon/guards";
import { expect, test } from "vitest";
import { relu, sequential } from "../index.js";

/** What a sequence throws whose second layer throws `error` in its plan. */
function thrown(error: Error): Error {
  const broken = {
    ...relu(),
    type: "mine",
    plan: (): never => {
      throw error;
    },
  };
  try {
    sequential(relu(), sequential(broken)).plan([2]);
  } catch (wrapped) {
    return wrapped as Error;
  }
  throw new Error("nothing was thrown");
}

test("a bad argument of a layer inside another is a bad argument, with its path", () => {
  const wrapped = thrown(badArgument("mine", "an image", "[2]"));
  expect(wrapped.name).toBe("RangeError");
  expect(wrapped.message).toMatch(/^layer "sequential\d*\/mine\d*": mine: expected an image, got/);
});

test("a mistake inside a layer is a plain error, with its path and its cause", () => {
  const mistake = Object.assign(new Error("x is not a function"), { name: "TypeError" });
  const wrapped = thrown(mistake);
  expect(wrapped.name).toBe("Error");
  expect(wrapped.message).toMatch(/^layer "sequential\d*\/mine\d*": x is not a function$/);
  expect((wrapped.cause as Error).cause).toBe(mistake);
});
