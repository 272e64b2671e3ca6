import type { AsyncEngine, Engine, Feed, NDArray, Tree } from "@tenon/contracts";

export interface DelayedOptions {
  /** @defaultValue 3 */
  readonly stepsInFlight?: number;
  /** How long answers take, in milliseconds, one after the other. @defaultValue 0, 3, 1 */
  readonly delays?: readonly number[];
}

export interface DelayedEngine<T> extends AsyncEngine<T> {
  /** The most steps of one program that have been in flight at a time. */
  mostInFlight(): number;
  /** How many calls are in flight. */
  inFlight(): number;
}

/**
 * An engine that answers later, made of one that answers at once: calls take effect in order, each
 * in a task of its own; their answers may overtake one another on their way.
 */
export function delayed<T>(
  engine: Engine<T>,
  { stepsInFlight = 3, delays = [0, 3, 1] }: DelayedOptions = {},
): DelayedEngine<T> {
  let [calls, inFlight, most] = [0, 0, 0];
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));
  return {
    name: `delayed ${engine.name}`,
    threads: engine.threads,
    stepsInFlight,
    mostInFlight: () => most,
    inFlight: () => inFlight,
    compile(step, start, inputs) {
      const program = engine.compile(step, start, inputs);
      let turn = Promise.resolve();
      let steps = 0;
      let failure: { readonly cause: unknown } | undefined;
      const submit = async <V>(work: () => V): Promise<V> => {
        const delay = delays[calls++ % delays.length]!;
        inFlight++;
        try {
          const result = turn.then(() => pause(0)).then(work);
          turn = result.then(
            () => {},
            (cause: unknown) => void (failure ??= { cause }),
          );
          return await result.finally(() => pause(delay));
        } finally {
          inFlight--;
        }
      };
      return {
        async step(feeds) {
          const copied = copyOf(feeds);
          most = Math.max(most, ++steps);
          try {
            return await submit(() => {
              if (failure) throw failure.cause;
              return program.step(copied);
            });
          } finally {
            steps--;
          }
        },
        state: () => submit(() => program.state()),
        async load(state) {
          const copied = copyOf(state);
          await submit(() => {
            program.load(copied);
            failure = undefined;
          });
        },
      };
    },
  };
}

/** A tree of what may be fed, or of a state, whose arrays may be overwritten meanwhile. */
function copyOf<V>(tree: V): V {
  const copied = (node: Tree<NDArray> | Feed): unknown =>
    typeof node !== "object" || node === null
      ? node
      : Array.isArray(node) || ArrayBuffer.isView(node)
        ? node.slice()
        : "shape" in node
          ? { ...node, data: copied(node.data as Feed) }
          : Object.fromEntries(
              Object.entries(node).map(([key, value]) => [key, copied(value as Feed)]),
            );
  return copied(tree as Feed) as V;
}
