/**
 * The error for a bad argument, always of the same class: a value of the wrong type, range or
 * shape, an unknown option, arguments that do not fit each other, or a function or an object that
 * was passed in and breaks its contract.
 *
 * All other failures are plain Errors: a damaged file, a platform that lacks something, a run whose
 * values are no longer finite, a mistake inside the package.
 *
 * @param name of the function that was called
 * @param fix what the caller can do about it
 */
export function badArgument(
  name: string,
  expected: string,
  got: string | number,
  fix: string = "",
): RangeError {
  return new RangeError(`${name}: expected ${expected}, got ${got}${fix && `; ${fix}`}`);
}
