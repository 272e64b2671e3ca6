import type { AnyEngine, ByPath, Engine, Json } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import type { Digits, Experiment } from "@tenon/experiments";
import type { Tensor } from "@tenon/tensor";
import { startOf, trainingStep, type StudySetup } from "@tenon/trainer";
import type { WasmEngine } from "@tenon/wasm";
import { webgpu, type GpuAdapter, type WebgpuEngine } from "@tenon/webgpu";
import type { EngineChoice, EngineUse, Subject } from "../protocol.js";
import { once } from "./once.js";

// Loaded where the browser has a GPU for WebGPU.

/** From this much work in a step on, a GPU is expected to be faster than the processor. */
const largeStep = 100e6;
/** A run with less work in all has ended before a GPU has made its kernels. */
const longRun = 50e9;

/** The engine of an arm by its options; undefined: the processor's. */
export type EngineOf = (options: Json) => AnyEngine<Tensor> | undefined;

/** Decides which engine trains. */
export interface EngineChooser {
  /** By the size of each arm's step from now on, or always the same engine. */
  choose(choice: EngineChoice): void;
  /** What trains the arms of a subject, and what the page says of it. */
  forArms(
    of: Experiment,
    subject: Subject,
    given: { readonly digits: Digits; readonly engine: Engine<Tensor> },
  ): Promise<{ readonly engineOf: EngineOf; readonly use: EngineUse }>;
}

/**
 * A chooser between the processor and a GPU.
 *
 * @param first the GPU's engine
 * @param make makes another one: the first one's device may have been lost
 */
export function engineChooser(
  first: WebgpuEngine,
  make: () => Promise<WebgpuEngine>,
): EngineChooser {
  const { vendor, architecture, description } = first.adapter ?? {};
  const adapter = description || [vendor, architecture].filter(Boolean).join(" ");
  let choice: EngineChoice = "auto";
  let made = once(() => Promise.resolve(first));
  const sizes = new Map<string, Work>();
  return {
    choose(next) {
      choice = next;
      made = once(make);
    },
    async forArms(of, subject, { digits, engine }) {
      const { seed, values } = subject;
      const size = of.sizes[subject.size];
      const workOf = (options: Json): Work => {
        const key = JSON.stringify([of.id, subject.size, options]);
        const known =
          sizes.get(key) ?? work(of.setup(options, { digits, size, seed, engine }), engine);
        sizes.set(key, known);
        return known;
      };
      const use = (why: EngineUse["why"], mflop = 0): EngineUse => ({
        ...{ choice, adapter, why, mflop: Math.round(mflop) },
        isGpu: why === "large" || why === "asked" || why === "softwareAsked",
      });
      const processor: EngineOf = () => undefined;
      if (choice === "cpu") return { engineOf: processor, use: use("processor") };
      if (first.isSoftware && choice === "auto")
        return { engineOf: processor, use: use("software") };
      const all = Object.values(of.arms(values) as ByPath<Json>).map(workOf);
      const mflop = Math.max(...all.map(({ step }) => step)) / 1e6;
      const isLarge = (work: Work): boolean =>
        choice === "gpu" || (work.step >= largeStep && work.run >= longRun);
      if (!all.some(isLarge)) return { engineOf: processor, use: use("small", mflop) };
      if ((await made()).lost()) made = once(make);
      const gpu = await made();
      const asked = first.isSoftware ? "softwareAsked" : "asked";
      return {
        engineOf: (options) => (isLarge(workOf(options)) ? gpu : undefined),
        use: use(choice === "gpu" ? asked : "large", mflop),
      };
    },
  };
}

/** Floating-point operations of a step, and of a whole run. */
interface Work {
  readonly step: number;
  readonly run: number;
}

/** What the plan of an arm's step says that it takes. */
function work(setup: StudySetup, engine: Engine<Tensor>): Work {
  const { model, loss, optimizer, penalties = [], batchSize = 32, epochs = 1 } = setup;
  const train = setup.train as InMemoryDataset;
  const scalar = { shape: [], dtype: "int32" } as const;
  const { plan } = (engine as WasmEngine).compile(
    trainingStep(model, { loss, optimizer, penalties }),
    startOf(model, train.x.shape, optimizer, 1),
    {
      x: { shape: [batchSize, ...train.x.shape] },
      y: { shape: [batchSize], dtype: "int32" },
      ...{ step: scalar, seed: scalar },
    },
  );
  const step = plan.steps.reduce(
    (sum, { kernel, repetition }) => sum + kernel.flops * (repetition?.times ?? 1),
    0,
  );
  return { step, run: (step * epochs * train.size) / batchSize };
}

/** A chooser between the processor and the browser's adapter. */
export const browserChooser = async (adapter: GpuAdapter): Promise<EngineChooser> =>
  engineChooser(await webgpu({ adapter }), () => webgpu());
