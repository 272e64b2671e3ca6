/** Calls that take effect in their order, from the moment on when what they need is there. */
export interface InOrder<T> {
  /** Whether calls still wait: what they are given must be a copy. */
  readonly waits: boolean;
  /**
   * Makes a call, now or when its turn comes.
   *
   * @param refuse what to do where what it needs never comes
   */
  call(work: (value: T) => void, refuse: (cause: unknown) => void): void;
  /** The same, for a call that gives something. */
  promise<R>(work: (value: T) => Promise<R>): Promise<R>;
}

/** @param coming what the calls need */
export function inOrder<T>(coming: Promise<T>): InOrder<T> {
  const waiting: (() => void)[] = [];
  let found: { readonly value: T } | { readonly cause: unknown } | undefined;
  const find = (what: typeof found): void => {
    found = what;
    for (const call of waiting.splice(0)) call();
  };
  coming.then(
    (value) => find({ value }),
    (cause: unknown) => find({ cause }),
  );
  const call: InOrder<T>["call"] = (work, refuse) => {
    if (!found) waiting.push(() => call(work, refuse));
    else if ("value" in found) work(found.value);
    else refuse(found.cause);
  };
  return {
    get waits() {
      return found === undefined;
    },
    call,
    promise: (work) =>
      new Promise((resolve, reject) =>
        call((value) => void work(value).then(resolve, reject), reject),
      ),
  };
}
