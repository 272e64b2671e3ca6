// node --expose-gc --min-semi-space-size=64 --max-semi-space-size=64 bytes.mjs
// '{"works":["W1"],"steps":30,"kept":1000,"seconds":1}': what a step allocates, one line of JSON
// for each work.
import { engineOf, programOf } from "../contenders/tenon-program.mjs";
import { works } from "../contenders/works.mjs";
import { noise } from "./noise.mjs";

const { works: wanted, steps, kept, seconds } = JSON.parse(process.argv[2]);
const engine = await engineOf(1);
const looked = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapUsed, arrayBuffers };
};
/** Garbage is collected; buffers are freed a little later, on another thread. */
const settled = async () => {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 100));
};

for (const work of wanted) {
  const program = programOf(engine, works[work]);
  const { x, y } = noise(works[work].batch);
  let nextStep = 0;
  const run = (count) => {
    for (let i = 0; i < count; i++) program.step({ x, y, step: nextStep++, seed: 1 });
  };
  const between = (count) => {
    const before = looked();
    run(count);
    const after = looked();
    return {
      heap: after.heapUsed - before.heapUsed,
      buffers: after.arrayBuffers - before.arrayBuffers,
    };
  };
  // until the compilers have settled
  for (let began = performance.now(); performance.now() - began < 1000 * seconds;) run(10);
  await settled();
  // The young generation is large enough that garbage is collected in few of these; measuring costs
  // a little by itself.
  const baseline = Array.from({ length: 11 }, () => between(0));
  const allocated = Array.from({ length: 11 }, () => between(steps));
  // The heap after garbage collection: five times, since it shrinks and grows a little by itself.
  const heaps = [];
  for (let i = 0; kept > 0 && i <= 5; i++) {
    await settled();
    heaps.push(looked().heapUsed);
    if (i < 5) run(kept / 5);
  }
  process.stdout.write(
    `${JSON.stringify({ work, steps, allocated, baseline, kept: heaps.slice(1).map((heap, i) => heap - heaps[i]), keptSteps: kept / 5 })}\n`,
  );
}
process.exit(0);
