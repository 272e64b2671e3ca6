import { test } from "vitest";
import { watchedRun } from "./run.js";
import { healthyRuns } from "./healthy.js";
test.for(Object.entries(healthyRuns()))("%s", { timeout: 600_000 }, async ([name, make]) => {
  const t = Date.now();
  const { said, findings, scores } = await watchedRun(make());
  console.log(`${said.length ? "BAD" : "ok "} ${name} ${JSON.stringify(scores)} ${Date.now() - t} ms
   said ${said.map((f) => `${f.id}/${f.kind}/${f.severity} ${f.where} ${JSON.stringify(f.evidence)}`).join("; ")}
   end ${findings.map((f) => f.id)}`);
});
