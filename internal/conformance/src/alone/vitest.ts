// What the suites import of vitest, from the packages that it consists of, for places where vitest
// itself does not run: a page, a machine that has Node and nothing else. Bundlers put it in
// vitest's place (`alone` in bundle.ts).
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect: typeof chai.expect = chai.expect;
export { beforeAll, describe, test } from "@vitest/runner";
