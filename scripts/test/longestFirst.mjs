import { BaseSequencer } from "vitest/node";

/**
 * The files that take longest, the longest first. Vitest begins with the files that have most lines
 * where it has not run them before; one that takes a minute and is begun last would keep one
 * processor busy while the other has nothing to do.
 */
const longest = [
  "apps/web/test/page",
  "scripts/test/walkthrough",
  "internal/compositions/src/webgpu",
  "packages/webgpu/src/engine",
  "apps/mnist/src/fixedRuns",
  "apps/mnist/src/saved",
  "internal/compositions/src/training.golden",
  "packages/optimizers/src/hyperparameters",
  "apps/web/test/docs",
  "internal/experiments/src/code",
  "apps/mnist/src/terminal",
  "scripts/test/examples",
  "apps/mnist/src/words",
  "apps/mnist/src/doctor",
  "apps/mnist/src/app",
];

/** Vitest's order of files, but for those that are known to take longest, which come first. */
export class LongestFirst {
  #usual;

  constructor(vitest) {
    this.#usual = new BaseSequencer(vitest);
  }

  shard(files) {
    return this.#usual.shard(files);
  }

  async sort(files) {
    const rankOf = ({ moduleId }) => {
      const rank = longest.findIndex((name) => moduleId.includes(`/${name}.test.`));
      return rank < 0 ? longest.length : rank;
    };
    return (await this.#usual.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
