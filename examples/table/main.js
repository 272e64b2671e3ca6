// A table of numbers (CSV) to a classifier: the species of an iris from four measurements.
import { readFile } from "node:fs/promises";
import { dataset, rescale, scaled, split, standardize } from "@tenon/data";
import { columnsOf, encodeTable, readCsv } from "@tenon/data/csv";
import { runFolder } from "@tenon/formats/node";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adamw } from "@tenon/optimizers";
import { fit, predictor } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

// For a table of your own, change these two names.
const table = readCsv(await readFile(new URL("iris.csv", import.meta.url), "utf8"));
const columns = columnsOf(table, { target: "species" });

const all = dataset(encodeTable(table, columns));
const parts = split(all, { validation: 0.3, seed: 1, stratify: true });
const scaling = standardize(parts.train); // each column to mean 0 and standard deviation 1
const [train, validation] = [rescale(parts.train, scaling), rescale(parts.validation, scaling)];

const model = sequential(dense(16), relu(), dense(columns.classes.length));
const engine = await wasm();
let trained;
for await (const event of fit(model, {
  ...{ train, validation, engine },
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: adamw({ learningRate: 0.02 }),
  epochs: 40,
  batchSize: 16,
  seed: 1,
})) {
  if (event.type === "epoch" && event.epoch % 10 === 0)
    console.log(
      `epoch ${event.epoch}: ${(100 * event.validation.accuracy).toFixed(1)} % of those held back`,
    );
  if (event.type === "end") trained = event;
}
console.log(`the loss at the end: ${trained.history.at(-1).validation.loss}`);

// All that is needed to use it later, in one file.
const metadata = {
  model: JSON.stringify(model),
  columns: JSON.stringify(columns),
  scaling: JSON.stringify(scaling),
};
await runFolder("trained").write("iris", trained.params, metadata);

// What is this one?
const flower = readCsv("sepal_length,sepal_width,petal_length,petal_width\n6.1,2.9,4.6,1.4\n");
const { x } = encodeTable(flower, { features: columns.features, targets: [] });
const { predict } = predictor(model, { params: trained.params, engine });
const scores = predict(scaled(x, scaling)).data;
const best = columns.classes[scores.indexOf(Math.max(...scores))];
console.log(`a flower of 6.1, 2.9, 4.6, 1.4 cm: ${best}`);
