export * from "./badArgument.js";
export * from "./checks.js";
export * from "./known.js";
export * from "./made.js";
export * from "./nothing.js";
export * from "./shown.js";
export * from "./suggestion.js";
export * from "./target.js";
