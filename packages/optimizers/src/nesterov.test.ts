import { expect, test } from "vitest";
import { nesterov } from "./nesterov.js";
import { path } from "./internal/testing/updatesOf.js";

const gradients = [0.1, 0.3, -0.2];
const rates = [0.1, 0.1, 0.01];
function last(options: Parameters<typeof nesterov>[0]): number {
  let step = 0;
  return path(
    nesterov({ learningRate: (t) => rates[t]!, momentum: 0.9, ...options }),
    () => [gradients[step++]!],
    [1],
    3,
  )[2]![0]!;
}

test("PyTorch's", () => expect(last({})).toBeCloseTo(0.916541, 12));
test("Keras'", () => expect(last({ rateInside: true })).toBeCloseTo(0.88811, 12));
test("is named nesterov", () => expect(nesterov().name).toBe("nesterov"));
