// npm run test:long [-- arguments of vitest]: what takes too long for `npm test`, at full length.
import { setup } from "./lib/setup.mjs";
import { vitest } from "./lib/vitest.mjs";

await setup();
process.env.TENON_LONG = "1";
const args = process.argv.slice(2);
const { code } = await vitest(
  "long",
  args.length > 0
    ? args
    : [
        ...["manyPrograms", "sameBits", "dropoutStudy", "doctor/healthy", "doctor/sick"].map(
          (name) => `internal/compositions/src/${name}.test.ts`,
        ),
        "internal/compositions/src/webgpuBrowser.test.ts",
        "internal/compositions/src/webgpuTraining.test.ts",
        "packages/webgpu/src/engine.test.ts",
        "apps/mnist/src/fixedRuns.test.ts",
        "apps/mnist/src/record.test.ts",
        "apps/mnist/src/terminal.test.ts",
        "apps/web/test/page.test.ts",
        "apps/web/test/docs.test.ts",
        "scripts/test/walkthrough.test.mjs",
      ],
);
process.exitCode = code;
