import { isSystemError, isUserError, systemProblem } from "./fail.js";
import { red, type Outside } from "./outside.js";
import { shown } from "./shell.js";

/**
 * Writes the error in one sentence; for an error of the program itself, also how to show its
 * stack. Returns the exit code.
 */
export function reportError(error: unknown, outside: Outside): number {
  if (isUserError(error)) {
    outside.warn(red(error.message));
    return error.exitCode;
  }
  if (process.env["TENON_STACK"])
    outside.warn(String((error as Error | undefined)?.stack ?? error));
  else if (isSystemError(error) && error.syscall === "uv_cwd")
    outside.warn(red("the folder that this was started in is gone; start it in another"));
  else if (isSystemError(error))
    outside.warn(
      red(`cannot use ${shown(error.path ?? error.resource ?? ".")}: ${systemProblem(error)}`),
    );
  else
    outside.warn(
      red(
        `${(error as Error | undefined)?.message ?? String(error)} (unexpected: ` +
          "TENON_STACK=1 shows where)",
      ),
    );
  return 1;
}
