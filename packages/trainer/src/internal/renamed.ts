/** What `fit` refuses is refused in the name of the function that was called. */
export function renamed(who: string, error: Error): Error {
  if (error.name !== "RangeError" || !/^fit('s \w+)?: /.test(error.message)) return error;
  return new RangeError(error.message.replace("fit", who), { cause: error });
}
