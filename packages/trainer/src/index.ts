export { evaluate, type EvaluateOptions, type Scores } from "./evaluate.js";
export * from "./events.js";
export * from "./fit.js";
export * from "./predictor.js";
export * from "./snapshot.js";
export * from "./statistics.js";
export * from "./trainingStep.js";
