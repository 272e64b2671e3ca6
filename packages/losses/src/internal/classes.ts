import { arange, type IndexUse, type Tensor } from "@tenon/tensor";

/** The words of an error about a label that is no class, which an engine finds when it runs. */
export const labelsOf = (by: string, { shape }: Tensor): IndexUse => ({
  by,
  shape,
  indices: "labels",
  limit: "the number of classes",
});

/** The values of each example's own class, `[…, 1]` of `[…, classes]`, for a loss of this name. */
export const ofClass = (name: string, values: Tensor, labels: Tensor): Tensor =>
  values.takeAlong(labels.expandDims(-1), -1, labelsOf(name, labels));

/** Whether a class is that of the label, `[…, classes]`. */
export const isClass = (labels: Tensor, classes: number): Tensor =>
  labels.expandDims(-1).equal(arange(classes));
