import { expectClose } from "@tenon/testkit";
import { tensor, type Tensor } from "@tenon/tensor";
import { test } from "vitest";
import { binaryCrossEntropy, binaryFocal } from "./index.js";
import { differences, run } from "./internal/testing.js";

const x = [0.3, -1.2, 2, 0.7, -0.4, 1.1];

test("binaryFocal with gamma 0 is the binary cross entropy; its gradient is right", () => {
  const t = tensor([1, 0, 1, 0, 0, 1]);
  expectClose(
    run((p) => binaryFocal(p, t, { gamma: 0 }), x).loss,
    run((p) => binaryCrossEntropy(p, t), x).loss,
  );
  const loss = (p: Tensor): Tensor => binaryFocal(p, t, { gamma: 2.5, alpha: 0.3 });
  expectClose(run(loss, x).grad, differences(loss, x), 1e-8);
});
