export * from "./denseEngine.js";
export * from "./engine.js";
export * from "./explain.js";
