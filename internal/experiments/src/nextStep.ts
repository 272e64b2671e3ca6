import type { ByPath, Engine, NDArray } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import { reference, type Tensor } from "@tenon/tensor";
import { startOf, stateFrom, trainingStep, type EndEvent, type StudySetup } from "@tenon/trainer";

/**
 * By how much one more step changes each parameter: w after the step minus w before it, by path. It
 * is the step that follows the last one of a run, with the first examples of the training data; all
 * are 0 where it is not finite.
 *
 * @throws RangeError if the set-up is not that of the run
 */
export function nextStep(
  setup: StudySetup,
  { snapshot }: Pick<EndEvent, "snapshot">,
  engine: Engine<Tensor> = reference(),
): ByPath<Float64Array> {
  const { model, loss, optimizer, penalties = [], batchSize = 32 } = setup;
  const train = setup.train as InMemoryDataset;
  const { step, seed } = snapshot.progress;
  const state = stateFrom(snapshot.arrays, startOf(model, train.x.shape, optimizer, seed));
  const indices = Array.from({ length: Math.min(batchSize, train.size) }, (_, i) => i);
  const { x, y } = train.gather(indices);
  const scalar = { shape: [], dtype: "int32" } as const;
  const program = engine.compile(trainingStep(model, { loss, optimizer, penalties }), state, {
    ...{ x, y: y!, step: scalar, seed: scalar },
  });
  program.step({ x: x.data, y: y!.data, step, seed });
  const { params } = program.state();
  return Object.fromEntries(
    Object.entries(params).map(([path, after]) => [path, difference(after, state.params[path]!)]),
  );
}

const difference = (after: NDArray, before: NDArray): Float64Array =>
  Float64Array.from(after.data, (value, i) => value - before.data[i]!);
