import { golden } from "@tenon/golden";
import { reference } from "@tenon/tensor";
import { expectClose, goldenSuite } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { differencesOf, expectRun, trained, type RunRow } from "./goldenRuns.js";

const engine = await wasm();

async function check(row: RunRow): Promise<void> {
  expectRun(row, await differencesOf(row, engine));
  // The reference engine in float64, for as many steps as its speed allows: the same values to ten
  // digits.
  const steps = Math.min(row.steps, row.model === "mlp" ? 12 : 2);
  const exact = await trained(row, reference({ precision: "float64" }), steps);
  expectClose(exact.losses, row.loss.data.slice(0, steps), 1e-10, "loss");
  expectClose(exact.norms, row.gradientNorm.data.slice(0, steps), 1e-10, "gradient norm");
}

goldenSuite<RunRow>("training", golden<RunRow>("training"), {
  "torch/torch.optim.SGD": check,
  "torch/torch.optim.Adam": check,
  "torch/torch.optim.AdamW": check,
});
