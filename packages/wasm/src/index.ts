export * from "./engine.js";
export * from "./explain.js";
