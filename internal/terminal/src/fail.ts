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

/** Turns an error into one that is shown as one sentence, without a stack. */
export function plainly<T>(exitCode: 1 | 2, make: () => T, before = ""): T {
  try {
    return make();
  } catch (error) {
    return fail(before + (error as Error).message, exitCode);
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be larger than files may be here",
  EACCES: "there is no permission",
  EPERM: "it is not permitted",
  EROFS: "the disk can only be read",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  ENOENT: "a part of the path is not there",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "it links to itself",
  EIO: "the disk or the terminal does not answer",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EBUSY: "something else uses it",
  ENXIO: "nothing is behind it",
  ETXTBSY: "it is a program that runs",
  ENOTEMPTY: "it holds other files",
  EEXIST: "there is one of that name already",
};

/** The flag that allows it, where Node's own permissions forbid something. */
const permissions: Readonly<Record<string, string>> = {
  FileSystemRead: "--allow-fs-read=*",
  FileSystemWrite: "--allow-fs-write=*",
  WorkerThreads: "--allow-worker",
};

interface SystemError extends NodeJS.ErrnoException {
  /** Of Node's own permissions: which one is missing, and for what. */
  readonly permission?: string;
  readonly resource?: string;
}

/** The error of the system, or of Node in its place, in words. */
export function systemProblem({ code = "", message, permission = "" }: SystemError): string {
  if (code !== "ERR_ACCESS_DENIED") return problems[code] ?? message;
  const flag = permissions[permission] ?? `a permission (${permission})`;
  return `node was started with --permission and without ${flag}; give it that too`;
}

/** Whether an error is the system's, or of Node's permissions: of a file, a folder or a pipe. */
export function isSystemError(error: unknown): error is SystemError & { readonly code: string } {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === "string" && (typeof syscall === "string" || code === "ERR_ACCESS_DENIED");
}

/** The message of an error, with the system's part of it in words. */
export function worded({ message, cause }: Error): string {
  return isSystemError(cause)
    ? message.replace(cause.message, () => systemProblem(cause))
    : message;
}
