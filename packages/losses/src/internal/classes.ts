import { arange, type Tensor } from "@tenon/tensor";

/** The values of each example's own class, `[…, 1]` of `[…, classes]`. */
export const ofClass = (values: Tensor, labels: Tensor): Tensor =>
  values.takeAlong(labels.expandDims(-1), -1);

/** Whether a class is that of the label, `[…, classes]`. */
export const isClass = (labels: Tensor, classes: number): Tensor =>
  labels.expandDims(-1).equal(arange(classes));
