/** How long work may go on before others have a turn, in milliseconds. */
const turn = 50;

/**
 * For long work on the thread of a page or a server: a call lets timers, signals and the page have
 * a turn, if it is time.
 */
export function breather(): () => Promise<void> {
  let rested = performance.now();
  return async () => {
    if (performance.now() - rested <= turn) return;
    await new Promise<void>((resolve) => {
      const { setImmediate } = globalThis as { setImmediate?: (call: () => void) => void };
      if (setImmediate) setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
    rested = performance.now();
  };
}
