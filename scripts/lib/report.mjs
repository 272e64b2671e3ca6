import { readFileSync } from "node:fs";

/** The tests in vitest's JSON report: `{ file, name, status, meta }`. A file that did not even load is one failed test. */
export function testsOf(reportFile) {
  const { testResults } = JSON.parse(readFileSync(reportFile, "utf8"));
  return testResults.flatMap(({ name: file, status, assertionResults }) =>
    assertionResults.length === 0 && status === "failed"
      ? [{ file, name: file, status: "failed", meta: {} }]
      : assertionResults.map(({ fullName, title, status, meta = {} }) => ({ file, name: fullName, title, status, meta })));
}

/** `N passed, N failed, N skipped`. */
export function tally(tests) {
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failed = tests.filter(({ status }) => status === "failed").length;
  return `${passed} passed, ${failed} failed, ${tests.length - passed - failed} skipped`;
}
