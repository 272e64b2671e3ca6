export { array } from "./agree.js";
export * from "./gpuSuite.js";
export * from "./operationSuite.js";
export { mlpProgram } from "./states.js";
