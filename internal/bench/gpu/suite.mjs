// The tests of the engine for GPUs where there is no vitest: node suite.mjs [THEME ...].
import { gpuOutcomes } from "../../compositions/src/gpuOutcomes.js";
import { quick } from "./chosen.mjs";
import { gpuOf } from "./engine.mjs";

// Random traces make hundreds of programs: minutes.
const themes = ["elementwise", "products", "convolutions", "pools", "sums", "scans", "states"];
const given = quick ? themes.slice(0, 1) : process.argv.filter((word) => themes.includes(word));
const began = performance.now();
const { adapter, outcomes } = await gpuOutcomes(given.length > 0 ? given : themes, gpuOf());
for (const { state, name, why } of outcomes)
  if (state === "fail") console.log(`FAILED: ${name}\n${why}`);
const count = (wanted) => outcomes.filter(({ state }) => state === wanted).length;
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `suite on ${adapter}: ${count("pass")} passed, ${count("fail")} failed, ${count("skip")} skipped (${seconds} s)`,
);
process.exit(count("fail") > 0 ? 1 : 0);
