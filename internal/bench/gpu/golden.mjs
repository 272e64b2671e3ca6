// Whether whole runs are those of PyTorch on a GPU: node golden.mjs [--quick]. TENON_GOLDEN names
// the folder of PyTorch's, TENON_MNIST that of MNIST. A line for each run, with its largest
// relative differences.
import { differencesOf, expectRun } from "../../compositions/src/goldenRuns.js";
import { golden } from "../../golden/src/index.js";
import { quick } from "./chosen.mjs";
import { gpuEngine } from "./engine.mjs";

const { engine } = await gpuEngine();
const all = golden("training");
const most = (values) => Number(Math.max(...values).toExponential(1));
let code = 0;
for (const row of quick ? all.slice(0, 1) : all) {
  const steps = quick ? 3 : row.steps;
  const began = performance.now();
  const differences = await differencesOf(row, engine, steps);
  const { losses, norms, weights, images } = differences;
  let isClose = true;
  try {
    expectRun(row, differences);
  } catch (error) {
    console.log(`FAILED: ${row.id}: ${error.message}`);
    isClose = false;
    code = 1;
  }
  console.log(
    JSON.stringify({
      run: row.id,
      steps,
      isClose,
      losses: most(losses),
      norms: most(norms),
      weights: steps === row.steps ? most(Object.values(weights)) : undefined,
      images: steps === row.steps ? images : undefined,
      seconds: +((performance.now() - began) / 1000).toFixed(1),
    }),
  );
}
process.exit(code);
