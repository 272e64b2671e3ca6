/** How long work may go on before it yields to the event loop, in milliseconds. */
const limit = 50;

/**
 * For long work on the thread of a page or a server: a call of the function that is returned yields
 * to the event loop, so that timers, signals and the page can run, if the last yield was more than
 * 50 ms ago.
 */
export function breather(): () => Promise<void> | undefined {
  let yielded = performance.now();
  return () => {
    if (performance.now() - yielded <= limit) return undefined;
    return new Promise((resolve) => {
      const { setImmediate = setTimeout } = globalThis as {
        setImmediate?: (go: () => void) => void;
      };
      setImmediate(() => {
        yielded = performance.now();
        resolve();
      });
    });
  };
}
