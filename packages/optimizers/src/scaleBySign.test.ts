import { expect, test } from "vitest";
import { scaleBySign } from "./scaleBySign.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("signs", () => expect(updatesOf(scaleBySign(), [[3, -0.1, 0]])).toEqual([[1, -1, 0]]));
