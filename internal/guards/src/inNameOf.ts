/**
 * What `make` returns. An error about an argument in it names the function that the user called,
 * not one of those that it is made of: `inNameOf("adam", () => scaleByAdam(options))`.
 */
export function inNameOf<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw renamed(name, error);
  }
}

/** An error about an argument, in the name of another function; any other error as it is. */
export function renamed(name: string, error: unknown): unknown {
  const { name: kind, message } = error as Error;
  return kind === "RangeError"
    ? new RangeError(message.replace(/^\w+/, name), { cause: error })
    : error;
}
