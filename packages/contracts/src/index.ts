export * from "./engines.js";
export * from "./models.js";
export * from "./statistics.js";
export * from "./training.js";
export * from "./transforms.js";
export * from "./values.js";
