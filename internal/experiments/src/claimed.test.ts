import { expect, test } from "vitest";
import { claimedControls } from "./claimed.js";
import { experiments } from "./index.js";

test("controls of a reader's own arm, or of what is drawn, change nothing that is claimed", () => {
  const found = Object.fromEntries(experiments.map((of) => [of.id, claimedControls(of)]));
  expect(found).toMatchObject({
    gradients: ["depth"],
    range: ["optimizer"],
    batchNorm: ["batchSize"],
    dropout: ["share"],
    earlyStopping: ["patience"],
    weightDecay: ["optimizer"],
    momentum: ["rate"],
    clipping: ["rate", "gain"],
    decay: ["rate"],
  });
});
