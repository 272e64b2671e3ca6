/** Shows on stderr what is being done; stdout is for the program that is run. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Does one stage and says how long it took. */
export async function stage(name, work) {
  const start = performance.now();
  const result = await work();
  say(`tenon: ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

/** Ends the process with one clear sentence. */
export function fail(sentence, code = 1) {
  say(`tenon: ${sentence}`);
  process.exit(code);
}
