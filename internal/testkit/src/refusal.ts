import { expect } from "vitest";

/**
 * For `toThrow`: matches the error of a bad argument, which is a RangeError with this message, or
 * with this text in its message.
 */
export function refusal(message: string | RegExp): Error {
  return expect.objectContaining({
    name: "RangeError",
    message:
      typeof message === "string"
        ? expect.stringContaining(message)
        : expect.stringMatching(message),
  }) as Error;
}
