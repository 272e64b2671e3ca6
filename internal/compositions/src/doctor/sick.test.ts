import { test } from "vitest";
import { describe as told } from "@tenon/doctor";
import { cases } from "./sick.js";
import { watchedRun } from "./run.js";
test.for(cases.map((entry) => [entry.name, entry] as const))("%s", async ([name, entry]) => {
  const t = Date.now();
  const sick = await watchedRun(entry.sick);
  const t1 = Date.now();
  const cured = await watchedRun(entry.cured);
  const t2 = Date.now();
  const ok = sick.said[0]?.id === entry.expected && sick.findings[0]?.id === entry.expected;
  console.log(`${ok ? "ok " : "BAD"} ${entry.expected}: ${name}
   said ${sick.said.map((f) => `${f.id}/${f.kind}/${f.severity}`).join(", ")}
   end ${sick.findings.map((f) => `${f.id}/${f.severity}${f.explainedBy ? "<" + f.explainedBy : ""}`).join(", ")}
   ${JSON.stringify(sick.scores)} learnt ${entry.learnt(sick)}
   cured ${JSON.stringify(cured.scores)} learnt ${entry.learnt(cured)} said ${cured.said.map((f) => `${f.id}/${f.severity} ${JSON.stringify(f.evidence)}`).join(", ")} ${t1 - t} ${t2 - t1} ms
   ${sick.said[0] ? told(sick.said[0]).text : ""}`);
});
