/** How much work a device gets at a time, so that a page that it also draws stays responsive. */
export interface Portions {
  /** How many portions are on their way at most. */
  readonly mostOnTheirWay: number;
  /** How many dispatches the next portion may have. */
  readonly dispatches: number;
  /** To be called when a portion was submitted; the result when it has ended. */
  submitted(dispatches: number): () => void;
}

/** While the device does one portion, the next one waits for it. */
const mostOnTheirWay = 2;

/**
 * Portions that take as long as is asked for, by what the ones before took.
 *
 * @param milliseconds of work on its way, in all
 */
export function portionsOf(milliseconds: number): Portions {
  const wanted = milliseconds / mostOnTheirWay;
  let dispatches = 2;
  let ended = -Infinity;
  return {
    mostOnTheirWay,
    get dispatches() {
      return dispatches;
    },
    submitted(count) {
      const began = performance.now();
      return () => {
        const now = performance.now();
        const took = now - Math.max(began, ended);
        ended = now;
        if (took > wanted) dispatches = Math.max(1, Math.floor((count * wanted) / took));
        // One that was cut short says nothing of longer ones.
        else if (2 * took < wanted && count === dispatches) dispatches *= 2;
      };
    },
  };
}
