// node scaling.mjs '{"threads":[1,2],"nets":[{"batch":128,"hidden":[64,32]}],"seconds":1}': how
// long a step of training takes, one line of JSON for each net on each number of threads.
import { engineOf, programOf } from "../contenders/tenon-program.mjs";
import { noise } from "./noise.mjs";

const { threads, nets, seconds } = JSON.parse(process.argv[2]);
const rounds = 5;
const engines = [];
for (const count of threads) engines.push(await engineOf(count));

for (const net of nets) {
  const { x, y } = noise(net.batch);
  const sides = engines.map((engine) => ({
    engine,
    program: programOf(engine, net),
    ms: [],
    losses: [],
    nextStep: 0,
  }));
  const step = (side) => {
    const began = performance.now();
    const { loss } = side.program.step({ x, y, step: side.at++, seed: 1 });
    side.losses.push(loss.data[0]);
    return performance.now() - began;
  };
  for (const side of sides)
    for (
      let began = performance.now(), i = 0;
      i < 5 || performance.now() - began < 300 * seconds;
      i++
    )
      step(side);
  // In turns, so that other load on the machine affects all numbers of threads alike.
  for (let round = 0; round < rounds; round++)
    for (const side of sides) {
      for (
        let began = performance.now(), i = 0;
        i < 2 || performance.now() - began < (1000 * seconds) / rounds;
        i++
      )
        side.ms.push(step(side));
    }
  for (const { engine, program, ms, losses } of sides) {
    const last = losses.slice(-3).reduce((a, b) => a + b) / 3;
    if (!(last < losses[0]))
      throw new Error(
        `scaling: expected the loss of ${JSON.stringify(net)} to fall, got ${losses[0]} → ${last}`,
      );
    const flops = program.plan.steps.reduce((sum, { kernel }) => sum + kernel.flops, 0);
    process.stdout.write(`${JSON.stringify({ ...net, threads: engine.threads, ms, flops })}\n`);
  }
}
process.exit(0);
