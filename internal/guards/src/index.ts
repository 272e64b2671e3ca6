export * from "./checks.js";
export * from "./shown.js";
