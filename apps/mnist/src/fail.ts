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

const problems: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk", EDQUOT: "the quota of the disk is used up", EFBIG: "the file would be larger than files may be here",
  EACCES: "there is no permission", EPERM: "it is not permitted", EROFS: "the disk can only be read", ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder", ENOENT: "a part of the path is not there", ENAMETOOLONG: "the name is too long", ELOOP: "it links to itself",
  EIO: "the disk or the terminal does not answer", EMFILE: "too many files are open",
};

/** What the system said, in words. */
export const systemProblem = ({ code, message }: NodeJS.ErrnoException): string => (code !== undefined && problems[code]) || message;

/** Whether an error is the system's: of a file, a folder or a pipe. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException & { readonly path?: string } =>
  typeof (error as NodeJS.ErrnoException | null)?.code === "string" && typeof (error as NodeJS.ErrnoException).syscall === "string";
