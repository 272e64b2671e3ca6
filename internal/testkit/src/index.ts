export * from "./expectClose.js";
export * from "./goldenSuite.js";
