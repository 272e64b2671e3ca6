// The part of WebGPU that this package uses, as types: a browser's or Dawn's objects fit, and no
// package of types is needed.

export interface Gpu {
  requestAdapter(options?: {
    readonly powerPreference?: "high-performance" | "low-power";
  }): Promise<GpuAdapter | null>;
}

export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it stands in for a GPU: it is slow. Older browsers do not say it. */
  readonly isFallbackAdapter?: boolean;
}

/** Limits of an adapter or a device by their names in the specification. */
export type GpuLimits = Readonly<Record<string, number>>;

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly features: { has(feature: string): boolean };
  readonly limits: object;
  requestDevice(description?: object): Promise<GpuDevice>;
}

export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number, offset?: number, size?: number): Promise<unknown>;
  getMappedRange(offset?: number, size?: number): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuShaderModule {
  getCompilationInfo(): Promise<{
    readonly messages: readonly {
      readonly type: string;
      readonly message: string;
      readonly lineNum: number;
    }[];
  }>;
}

export interface GpuComputePass {
  setPipeline(pipeline: object): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
  end(): void;
}

export interface GpuCommandEncoder {
  beginComputePass(description?: object): GpuComputePass;
  copyBufferToBuffer(
    from: GpuBuffer,
    fromOffset: number,
    to: GpuBuffer,
    toOffset: number,
    size: number,
  ): void;
  resolveQuerySet(
    queries: object,
    first: number,
    count: number,
    to: GpuBuffer,
    toOffset: number,
  ): void;
  finish(): object;
}

export interface GpuDevice {
  /** What it runs on. Older browsers do not say it. */
  readonly adapterInfo?: GpuAdapterInfo;
  readonly features: { has(feature: string): boolean };
  readonly limits: object;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: {
    writeBuffer(
      to: GpuBuffer,
      offset: number,
      data: ArrayBufferLike | ArrayBufferView,
      dataOffset?: number,
      size?: number,
    ): void;
    submit(commands: object[]): void;
    onSubmittedWorkDone(): Promise<unknown>;
  };
  createBuffer(description: {
    readonly size: number;
    readonly usage: number;
    readonly label?: string;
  }): GpuBuffer;
  createShaderModule(description: {
    readonly code: string;
    readonly label?: string;
  }): GpuShaderModule;
  createBindGroupLayout(description: object): object;
  createPipelineLayout(description: object): object;
  createBindGroup(description: object): object;
  createComputePipeline(description: object): object;
  createComputePipelineAsync(description: object): Promise<object>;
  createCommandEncoder(description?: object): GpuCommandEncoder;
  createQuerySet(description: object): object;
  pushErrorScope(filter: string): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
  destroy(): void;
}
