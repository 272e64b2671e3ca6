import { expect, test } from "vitest";
import { withGpu } from "./testing/withGpu.js";
import { timesOf } from "./timing.js";

await withGpu("times on a GPU", ({ gpu }) => {
  test("more dispatches than a set of queries has are all measured", async (context) => {
    const adapter = (await gpu.requestAdapter())!;
    if (!adapter.features.has("timestamp-query")) return context.skip("lacks timestamps");
    const device = await adapter.requestDevice({ requiredFeatures: ["timestamp-query"] });
    device.pushErrorScope("validation");
    const times = await timesOf(
      device,
      Array.from({ length: 2100 }, () => () => {}),
    );
    expect(await device.popErrorScope()).toBeNull();
    expect(times).toHaveLength(2100);
  });
});
