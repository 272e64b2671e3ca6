import { datasetSuite } from "@tenon/testkit";
import { dataset, rescale, split, standardize, subset, take, toUnit } from "./index.js";

const n = 23;
const x = {
  shape: [n, 2, 2],
  dtype: "int32" as const,
  data: Uint8Array.from({ length: n * 4 }, (_, i) => (i * 37 + 5) % 256),
};
const y = {
  shape: [n],
  dtype: "int32" as const,
  data: Uint8Array.from({ length: n }, (_, i) => i % 10),
};
const all = dataset({ x, y }, { exampleShape: [2, 2, 1] });
const { train } = split(all, { validation: 0.3, seed: 1 });

datasetSuite("dataset", all);
datasetSuite("dataset, scaled, one-hot", rescale(dataset({ x, y }, { classes: 10 }), toUnit()));
datasetSuite("split", train);
datasetSuite("take", take(all, 11));
datasetSuite("subset", subset(all, [3, 1, 4, 15, 9, 2, 6, 5, 8, 7, 22]));
datasetSuite("rescale", rescale(all, standardize(all)));
