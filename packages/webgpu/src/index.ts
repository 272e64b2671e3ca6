export { webgpu, type WebgpuEngine } from "./engine.js";
export { explain } from "./explain.js";
export type { WebgpuLimits, WebgpuOptions } from "./device.js";
export type * from "./gpu.js";
export type { WebgpuPlan, WebgpuProgram } from "./program.js";
