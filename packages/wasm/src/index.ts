export * from "./engine.js";
export * from "./denseEngine.js";
export * from "./explain.js";
