/**
 * What the last event of a run has in addition to its weights: `predictor(model, end)` takes it
 * where weights are expected.
 */
export const endOfRun = "type reason history snapshot trainSeconds";
