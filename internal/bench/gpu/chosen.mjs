import { works } from "../contenders/works.mjs";

const all = Object.entries(works);
const named = all.filter(([name]) => process.argv.includes(`--${name}`));
/** With --quick: as little as shows that everything runs. */
export const quick = process.argv.includes("--quick");

const wanted = named.length > 0 ? named : quick ? all.slice(0, 1) : all;

/**
 * The works that are measured, with their names: those that are asked for, as by --W1, or all. With
 * --no-dropout all contenders compute the same losses.
 */
export const chosen = process.argv.includes("--no-dropout")
  ? wanted.map(([name, task]) => [name, { ...task, ...(task.dropout && { dropout: 0 }) }])
  : wanted;
