// Whether the losses of the works on a GPU are those of the engine for CPUs: node agree.mjs FOLDER
// [--W1 --quick].
import { wasm } from "@tenon/wasm";
import { batchOf } from "../contenders/batches.mjs";
import { programOf } from "../contenders/tenon-program.mjs";
import { chosen, quick } from "./chosen.mjs";
import { gpuEngine } from "./engine.mjs";

const engines = [(await gpuEngine()).engine, await wasm({ threads: 1 })];
const steps = quick ? 3 : engines[0].isSoftware ? 6 : 40;
for (const [name, task] of chosen) {
  const [ours, theirs] = await Promise.all(
    engines.map(async (engine) => {
      const program = programOf(engine, task);
      const losses = [];
      for (let step = 0; step < steps; step++) {
        const { x, y } = batchOf(step, task.batch);
        losses.push(program.step({ x, y, step, seed: 1 }));
      }
      return (await Promise.all(losses)).map(({ loss }) => loss.data[0]);
    }),
  );
  const apart = ours.map((loss, i) => Math.abs(loss - theirs[i]));
  console.log(
    JSON.stringify({
      work: name,
      steps,
      ours: ours.at(-1),
      wasm: theirs.at(-1),
      most: Math.max(...apart),
    }),
  );
}
process.exit(0);
