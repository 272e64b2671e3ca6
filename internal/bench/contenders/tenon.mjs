import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { learningRate, serve, task } from "./contender.mjs";

const { batch, hidden, convolutions, threads } = task;
const layers = convolutions ? [...convolutions.flatMap((filters) => [conv2d(filters, 3), relu(), maxPool2d(2)]), flatten(), dropout(task.dropout)]
  : [flatten(), ...hidden.flatMap((units) => [dense(units), relu()])];
const model = sequential(...layers, dense(10)), optimizer = adam({ learningRate }), engine = await wasm({ threads });
const scalar = { shape: [], dtype: "int32" };
const program = engine.compile(trainingStep(model, { loss: crossEntropy, optimizer }), startOf(model, [28, 28, 1], optimizer, 1),
  { x: { shape: [batch, 28, 28, 1] }, y: { shape: [batch], dtype: "int32" }, step: scalar, seed: scalar });

await serve({ version: "here" }, (step, { x, y }) => program.step({ x, y, step, seed: 1 }).loss.data[0]);
