// A process of its own, which a test may kill: a tiny study, whose results it prints as JSON.
import { digitsOf } from "@tenon/experiments";
import { experimentResults } from "@tenon/experiments/results";
import { packagedMnist } from "@tenon/terminal";
import { wasm } from "@tenon/wasm";
import { conduct } from "../conduct.js";
import { tinyPlan } from "./tiny.js";

const [id = "", folder = ""] = process.argv.slice(2);
const { train, test } = await packagedMnist("install it");
const plan = tinyPlan(id);
const done = await conduct(plan, {
  digits: digitsOf({ images: train.x, labels: train.y }, { images: test.x, labels: test.y }),
  engine: await wasm({ threads: 1 }),
  signal: new AbortController().signal,
  ...(folder !== "" && { folder }),
  see(event) {
    if (event.type === "runStart") console.log(`run ${event.run} from step ${event.step}`);
    if (event.type === "fit" && event.event.type === "step")
      console.log(`step ${event.event.step}`);
    if (event.type === "runEnd" && event.stored) console.log("stored");
  },
});
const results = experimentResults(plan.of, {
  ...plan,
  runs: done.runs,
  weights: (run) => done.notes.of(run)?.weights ?? "",
  provenance: {
    ...{ command: "", date: "", seconds: 0, node: "", machine: "", threads: 1, version: "" },
  },
});
console.log(JSON.stringify(results));
