import type { Json, Metric, NDArray } from "@tenon/contracts";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { bleu, rouge, type BleuOptions } from "./index.js";

/** Sequences as labels, filled up with the blank. */
function labels(rows: readonly (readonly number[])[]): NDArray {
  const length = Math.max(...rows.map((row) => row.length));
  const full = rows.flatMap((row) => Array.from({ length }, (_, i) => row[i] ?? 0));
  return { shape: [rows.length, length], dtype: "int32", data: Int32Array.from(full) };
}
const read = (text: string): number[] => text.split(" ").map(Number);
const value = <S extends Json>(metric: Metric<S>, predictions: NDArray, targets: NDArray): number =>
  metric.result(metric.update(metric.start, predictions, targets));

const predictions = ["2 3 4 5 6 7 8", "3 3 3 3 5", "9 8 7 6 5 4", "2 4"];
const first = ["2 3 4 5 9 7 8 6", "3 5 3 4", "9 8 7 6 4 5 2 2", "2 3 4"];
const second = ["2 3 4 6 6 7 8", "5 3 3 5 5 5", "8 7 6 5", "2 4 6"];
/** Both targets of each example. */
function both(): NDArray {
  const { shape, data } = labels(first.flatMap((text, i) => [text, second[i]!]).map(read));
  return { shape: [4, 2, shape[1]!], dtype: "int32", data: data as Int32Array };
}
const some = (texts: readonly string[], ...places: readonly number[]): NDArray =>
  labels(places.map((i) => read(texts[i]!)));

/** As sacreBLEU 2.6.0 has them: of both targets, of the first, and of two short examples. */
const cases: readonly [BleuOptions, readonly [number, number, number]][] = [
  [{}, [0.601900671751358, 0.3677693346280235, 0]],
  [{ order: 2 }, [0.821583836257749, 0.5773804632188149, 0.37796447300922736]],
  [{ smoothing: "halves" }, [0.601900671751358, 0.3677693346280235, 0.23356898886410016]],
  [{ smoothing: "add-one" }, [0.641557950883645, 0.4167751617984397, 0.3753119268751698]],
  [
    { smoothing: "add-one", order: 2 },
    [0.8295994781324577, 0.5941195951857187, 0.48795003647426677],
  ],
];

test.each(cases)("bleu %j is sacreBLEU's corpus_bleu", (options, [ofBoth, ofFirst, ofShort]) => {
  const metric = bleu(options);
  const all = some(predictions, 0, 1, 2, 3);
  expect(value(metric, all, both())).toBeCloseTo(ofBoth, 14);
  expect(value(metric, all, some(first, 0, 1, 2, 3))).toBeCloseTo(ofFirst, 14);
  expect(value(metric, some(predictions, 1, 3), some(first, 1, 3))).toBeCloseTo(ofShort, 14);
});

/** Words as labels, in the order in which they are first seen. */
const numberOf = new Map<string, number>();
const words = (...texts: readonly string[]): number[][] =>
  texts.map((text) =>
    text.split(" ").map((word) => numberOf.get(word) ?? numberOf.set(word, numberOf.size + 1).size),
  );

test("bleu clips the counts of a run, as in the paper's example 2: 2 of 7", () => {
  const [candidate, ...references] = words(
    "the the the the the the the",
    "the cat is on the mat",
    "there is a cat on the mat",
  );
  const { shape, data } = labels(references);
  const targets = { shape: [1, ...shape], dtype: "int32", data: data as Int32Array } as const;
  expect(value(bleu({ order: 1 }), labels([candidate!]), targets)).toBeCloseTo(2 / 7, 14);
});

test("nothing right is 0, nothing at all NaN", () => {
  const metric = bleu({ smoothing: "halves" });
  expect(metric.result(metric.start)).toBeNaN();
  expect(value(metric, labels([[1, 2, 3, 4, 5]]), labels([[6, 7, 8, 9]]))).toBe(0);
  expect(value(metric, labels([[1, 2]]), labels([[1, 2]]))).toBe(0);
});

test.each([
  ["f1", 0.7058823529411765, 0.5882352941176471],
  ["precision", 0.75, 0.625],
  ["recall", 0.6666666666666666, 0.5555555555555556],
] as const)("rouge, %s, has the values of rouge-score's page", (score, ofWords, ofLongest) => {
  const [target, prediction] = words(
    "the quick brown fox jumps over the lazy dog",
    "the quick brown dog jumps on the log",
  ).map((row) => labels([row]));
  expect(value(rouge({ order: 1, score }), prediction!, target!)).toBeCloseTo(ofWords, 14);
  expect(value(rouge({ score }), prediction!, target!)).toBeCloseTo(ofLongest, 14);
});

test("rouge takes the best target, and is a mean over examples", () => {
  const best = value(rouge({ order: 2 }), some(predictions, 0, 1, 2, 3), both());
  // Of pairs: 4 of 6 and 6, 2 of 4 and 5, 3 of 5 and 3, and 1 of 1 and 2.
  expect(best).toBeCloseTo((4 / 6 + 4 / 9 + 6 / 8 + 2 / 3) / 4, 14);
  expect(value(rouge({ order: 5 }), labels([[1, 2]]), labels([[1, 2]]))).toBe(0);
});

test.each([
  ["bleu", bleu()],
  ["rouge", rouge()],
] as const)("%s refuses what is no sequence", (name, metric) => {
  const update = (a: NDArray, b: NDArray) => (metric as Metric).update(metric.start, a, b);
  const right = labels([[1, 2]]);
  expect(() => update(right, labels([[1], [2]]))).toThrow(
    refusal(`${name}: expected targets for 1 predictions, got [2, 1]`),
  );
  expect(() => update({ ...right, shape: [2] }, right)).toThrow(
    refusal(`${name}: expected predictions of shape [n, length], got [2]`),
  );
  expect(() => update(right, { ...right, shape: [1, 0, 2], data: new Int32Array(0) })).toThrow(
    refusal(`${name}: expected targets for 1 predictions, got [1, 0, 2]`),
  );
  const half = { shape: [1, 2], dtype: "float32", data: Float32Array.of(1, 0.5) } as const;
  expect(() => update(half, right)).toThrow(
    refusal(`${name}: expected predictions to be whole numbers, got 0.5 at 1`),
  );
});
