import { readFileSync } from "node:fs";

/**
 * The tests in vitest's JSON report: `{ file, name, title, status, meta }`. A file that failed
 * where none of its tests did (it did not load, or its `beforeAll` threw, and vitest calls its
 * tests skipped) is one failed test more.
 */
export function testsOf(reportFile) {
  const { testResults } = JSON.parse(readFileSync(reportFile, "utf8"));
  return testResults.flatMap(({ name: file, status, assertionResults }) => {
    const tests = assertionResults.map(({ fullName, title, status, meta = {} }) => ({
      file,
      name: fullName,
      title,
      status,
      meta,
    }));
    const unseen = status === "failed" && !tests.some(({ status }) => status === "failed");
    return unseen
      ? [...tests, { file, name: file, title: file, status: "failed", meta: {} }]
      : tests;
  });
}

/** `N passed, N failed, N skipped`. */
export function tally(tests) {
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failed = tests.filter(({ status }) => status === "failed").length;
  return `${passed} passed, ${failed} failed, ${tests.length - passed - failed} skipped`;
}
