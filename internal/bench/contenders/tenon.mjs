import { serve, task } from "./contender.mjs";
import { engineOf, programOf } from "./tenon-program.mjs";

const program = programOf(await engineOf(task.threads), task);
await serve(
  { version: "here" },
  (step, { x, y }) => program.step({ x, y, step, seed: 1 }).loss.data[0],
);
