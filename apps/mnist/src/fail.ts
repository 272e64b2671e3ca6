/** An error whose message is all that a person needs: no stack is shown. */
export interface UserError extends Error {
  readonly exitCode: number;
}

/** Ends the command with one sentence. 1: something is wrong; 2: the command is. */
export function fail(message: string, exitCode = 1): never {
  throw Object.assign(new Error(message), { exitCode });
}

export function isUserError(error: unknown): error is UserError {
  return typeof (error as UserError | null)?.exitCode === "number";
}

/** What goes wrong here is somebody's fault, not the program's: one sentence, no stack. */
export function plainly<T>(exitCode: 1 | 2, make: () => T, before = ""): T {
  try {
    return make();
  } catch (error) {
    return fail(before + (error as Error).message, exitCode);
  }
}
