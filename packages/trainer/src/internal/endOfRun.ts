/**
 * What the last event of a run has beside its weights: it may be given where weights are asked for,
 * `predictor(model, end)`.
 */
export const endOfRun = "type reason history snapshot trainSeconds";
