// Before each test file: typed arrays are compared element by element. Vitest compares them as
// objects, key by key, which takes a hundred times as long.
import { expect } from "vitest";

const isTyped = (x) => ArrayBuffer.isView(x) && x[Symbol.toStringTag] !== "DataView";

expect.addEqualityTesters([
  (a, b) => {
    if (!isTyped(a) || !isTyped(b)) return undefined;
    if (a[Symbol.toStringTag] !== b[Symbol.toStringTag] || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
    return true;
  },
]);
