export * from "./fail.js";
export * from "./layout.js";
export * from "./outside.js";
export * from "./packagedMnist.js";
export * from "./shell.js";
export * from "./sparkline.js";
export * from "./words.js";
