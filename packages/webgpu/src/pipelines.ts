import type { GpuDevice, GpuShaderModule } from "./gpu.js";

/**
 * What all programs of a device share: the layout of their bindings, and pipelines by their code.
 */
export interface PipelineStore {
  /** Of three storage buffers: memory, status, and a data set that is only read. */
  readonly bindings: object;
  /** The pipeline of a shader; one that was made before is there at once. */
  of(code: string): Promise<object>;
  /** Forgets all pipelines: the device refused one of them. */
  clear(): void;
}

/** So many pipelines are kept: those of a dozen steps of training. */
const mostKept = 512;

/**
 * Keeps pipelines, so that a step that was compiled before is ready at once, even where its program
 * is gone: a driver takes a second for what it has not made yet. It makes them at the same time.
 */
export function pipelineStore(device: GpuDevice): PipelineStore {
  const bindings = device.createBindGroupLayout({
    entries: ["storage", "storage", "read-only-storage"].map((type, binding) => ({
      ...{ binding, visibility: 4, buffer: { type } },
    })),
  });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [bindings] });
  const kept = new Map<string, Promise<object>>();
  const made = async (code: string): Promise<object> => {
    const module = device.createShaderModule({ code });
    const compute = { module, entryPoint: "main" };
    try {
      return await device.createComputePipelineAsync({ layout, compute });
    } catch (cause) {
      throw Object.assign(new Error(await refusalOf(module, cause as Error)), { cause });
    }
  };
  return {
    bindings,
    of(code) {
      const pipeline = kept.get(code) ?? made(code);
      // The last one in the map was used last.
      kept.delete(code);
      kept.set(code, pipeline);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
      return pipeline;
    },
    clear: () => kept.clear(),
  };
}

/** What the compiler said of a module, or else the device of the pipeline. */
async function refusalOf(module: GpuShaderModule, { message }: Error): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter(({ type }) => type === "error");
  const [first] = errors;
  return first ? `${first.message}, line ${first.lineNum} of a shader` : message.trim();
}
