import type { Transform } from "@tenon/contracts";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  accumulate,
  chain,
  clipByGlobalNorm,
  lookahead,
  mechanize,
  sam,
  scheduleFree,
  sgd,
  skipNonFinite,
} from "./index.js";

const wrappers: Readonly<Record<string, (transform: Transform) => Transform>> = {
  accumulate: (transform) => accumulate(transform, 2),
  lookahead: (transform) => lookahead(transform),
  mechanize: (transform) => mechanize(transform),
  sam: (transform) => sam(transform),
  scheduleFree: (transform) => scheduleFree(transform),
  skipNonFinite: (transform) => skipNonFinite(transform),
};

test.each(Object.entries(wrappers))(
  "%s refuses itself within, whose slots would be its own",
  (name, wrap) => {
    const message = refusal(
      `${name}: expected a transform without ${name}, got one with it; leave one ${name} out`,
    );
    expect(() => wrap(wrap(sgd()))).toThrow(message);
    expect(() => wrap(chain(clipByGlobalNorm(1), wrap(sgd())))).toThrow(message);
    for (const [other, within] of Object.entries(wrappers))
      if (other !== name) expect(wrap(within(sgd())).name).toBe(name);
  },
);
