import { array } from "@tenon/conformance";
import { allFinite, where, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";
import { webgpu } from "./engine.js";
import { withGpu } from "./testing/withGpu.js";
import { usage } from "./usage.js";

await withGpu("state of webgpu", ({ gpu, engine, newDevice }) => {
  test("a step keeps all of its new state or none, at either of its places", async () => {
    const program = engine.compile(
      ({ w, total, kept }: Record<"w" | "total" | "kept", Tensor>, { x, at }) => {
        const picked = x.gather(at);
        const next = { w: w.add(x.mul(2)), total: total.add(picked.sum()) };
        const flag = allFinite([...Object.values(next), where(kept, 0, NaN)]);
        return {
          state: {
            w: where(flag, next.w, w),
            total: where(flag, next.total, total),
            kept: flag,
          },
          outputs: { flag, w: next.w, picked },
        };
      },
      {
        w: array([3], () => 0),
        total: array([], () => 0),
        kept: { shape: [], dtype: "int32", data: Int32Array.of(1) },
      },
      { x: { shape: [3] }, at: { shape: [1], dtype: "int32" } },
    );
    const feed = (value: number, at = 0): Parameters<typeof program.step>[0] => ({
      x: array([3], () => value),
      at: { shape: [1], dtype: "int32", data: Int32Array.of(at) },
    });
    const state = async (): Promise<number[]> => {
      const { w, total, kept } = await program.state();
      return [...w.data, ...total.data, ...kept.data];
    };
    const flags = await Promise.all([1, 10, 100].map((value) => program.step(feed(value))));
    expect(flags.map(({ flag, w }) => [flag.data[0], w.data[2]])).toEqual([
      [1, 2],
      [1, 22],
      [1, 222],
    ]);
    expect(await state()).toEqual([222, 222, 222, 111, 1]);
    const before = await program.state();
    // One that is not finite changes nothing, nor do those behind it.
    const more = await Promise.all([NaN, 1].map((value) => program.step(feed(value))));
    expect(more.map(({ flag }) => flag.data[0])).toEqual([0, 0]);
    expect(await state()).toEqual([222, 222, 222, 111, 0]);
    await program.load(before);
    await program.step(feed(1000));
    expect(await state()).toEqual([2222, 2222, 2222, 1111, 1]);
    // An index out of bounds changes nothing either, until a state is loaded.
    await expect(program.step(feed(1, 3))).rejects.toThrow(/gather/);
    expect(await state()).toEqual([2222, 2222, 2222, 1111, 1]);
    await program.load(before);
    await program.step(feed(1));
    expect(await state()).toEqual([224, 224, 224, 112, 1]);
  });

  test("the state is read at its present place only, as it is when it is asked for", async () => {
    const device = await newDevice();
    const make = vi.spyOn(device, "createBuffer");
    const program = (await webgpu({ gpu, device })).compile(
      ({ w }: { readonly w: Tensor }, { x }) => {
        const next = w.add(x);
        return { state: { w: where(allFinite([next]), next, w) }, outputs: {} };
      },
      { w: array([1024], () => 0) },
      { x: { shape: [1024] } },
    );
    const x = array([1024], () => 1);
    const step = (value: number): Promise<unknown> => {
      x.data.fill(value);
      return program.step({ x });
    };
    const read: Promise<number>[] = [];
    const steps: Promise<unknown>[] = [];
    // What is asked for while the place is asked for waits, with what it was given.
    for (const value of [1, 20, NaN, 300]) {
      steps.push(step(value));
      read.push(program.state().then(({ w }) => w.data[1023]!));
    }
    x.data.fill(7);
    await Promise.all(steps);
    expect(await Promise.all(read)).toEqual([1, 21, 21, 321]);
    const pages = make.mock.calls.filter(([{ usage: use }]) => (use & usage.mapRead) > 0);
    const large = pages.map(([{ size }]) => size).filter((size) => size >= 4096 && size < 2 ** 17);
    expect(large).toHaveLength(4);
    expect(Math.max(...large)).toBeLessThan(2 * 4096);
  });
});
