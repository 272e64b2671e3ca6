import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundled, dataFolder, folder, idx, names, refused, result, type Run } from "./testing.js";

const { run } = bundled("data");

const image = (i: number): number => (i * 37) % 256;
const label = (i: number): number => i % 10;
test.each<[string, Parameters<typeof dataFolder>[0], string]>([
  [
    "no images",
    { [names[0]]: idx([0, 8, 8], image), [names[1]]: idx([0], label) },
    "expected training images [count, rows, columns] in DATA/train-images-idx3-ubyte, " +
      "got [0, 8, 8]; there must be at least one",
  ],
  [
    "images of two sizes",
    { [names[2]]: idx([20, 7, 7], image) },
    "expected images of one size in DATA, got 8×8 to train on and 7×7 to test on",
  ],
  [
    "flat images",
    { [names[0]]: idx([40, 64], image) },
    "expected training images [count, rows, columns] in DATA/train-images-idx3-ubyte, " +
      "got [40, 64]; give each image its rows",
  ],
  [
    "coloured images",
    { [names[2]]: idx([20, 8, 8, 3], image) },
    "expected test images [count, rows, columns] in DATA/t10k-images-idx3-ubyte, got " +
      "[20, 8, 8, 3]; store shades of grey",
  ],
  ["labels for images", { [names[0]]: idx([40], image) }, "got [40]; are these labels?"],
  [
    "images for labels",
    { [names[1]]: idx([40, 8, 8], image) },
    "expected training labels [count] in DATA/train-labels-idx1-ubyte, got [40, 8, 8]; " +
      "are these images?",
  ],
  [
    "one-hot labels",
    { [names[1]]: idx([40, 10], (i) => Number(i % 11 === 0)) },
    "looks like one-hot: store the number of the class instead",
  ],
  [
    "labels with fractions",
    { [names[1]]: idx([40], (i) => i / 2, "floats") },
    "expected training labels that are whole numbers from 0 to 999 in " +
      "DATA/train-labels-idx1-ubyte, got 0.5 at 1",
  ],
  [
    "a negative label",
    { [names[3]]: idx([20], (i) => i - 1, "floats") },
    "in DATA/t10k-labels-idx1-ubyte, got -1 at 0; number the classes from 0",
  ],
  [
    "more labels than images",
    { [names[1]]: idx([41], label) },
    "expected as many labels as images, got 40 images in DATA/train-images-idx3-ubyte " +
      "and 41 labels in DATA/train-labels-idx1-ubyte",
  ],
  [
    "pixels that are not finite",
    { [names[0]]: idx([40, 8, 8], (i) => (i === 70 ? NaN : 0.5), "floats") },
    "expected pixels from 0 to 255, or from 0 to 1, in DATA/train-images-idx3-ubyte, got " +
      "NaN at 70; mend or leave out that image",
  ],
  [
    "standardized pixels",
    { [names[0]]: idx([40, 8, 8], (i) => (i % 7) - 3, "floats") },
    "in DATA/train-images-idx3-ubyte, got -3 at 0; bring them into one of these ranges",
  ],
  [
    "pixels of two ranges",
    { [names[0]]: idx([40, 8, 8], (i) => image(i) / 255, "floats") },
    "expected pixels of one range in DATA, got values above 1 in " +
      "DATA/t10k-images-idx3-ubyte and none in DATA/train-images-idx3-ubyte",
  ],
  [
    "a file that is no IDX file",
    { [names[0]]: Uint8Array.of(1, 2, 3, 4) },
    "DATA/train-images-idx3-ubyte: readIdx: expected an IDX file",
  ],
])("a folder with %s is one sentence, and no run is left", async (_, others, message) => {
  const [data, cwd] = [await dataFolder(others), await folder()];
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "1"], { cwd });
  expect(done.err).toContain(message.replaceAll("DATA", data));
  refused(done, 1, /./);
  expect(await readdir(cwd)).toEqual([]);
});

test("the message for a folder named like a file says that it is a folder", async () => {
  const data = await dataFolder();
  await rm(join(data, names[1]));
  await mkdir(join(data, names[1]));
  refused(await run(["--data", data]), 1, /train-labels-idx1-ubyte: expected a file, got a folder/);
});

test("unambiguous variants are accepted with a note: axes of 1, float labels, pixels to 1", async () => {
  const train = (data: string): Promise<Run> =>
    folder().then((out) =>
      run(["--data", data, "--model", "mlp", "--epochs", "2", "--json", "--out", join(out, "run")]),
    );
  const [plain, odd, unit] = [
    await dataFolder(),
    await dataFolder({
      [names[0]]: idx([40, 8, 8, 1], image),
      [names[1]]: idx([40, 1], label, "floats"),
      [names[3]]: idx([20, 1, 1], label),
    }),
    await dataFolder({
      [names[0]]: idx([40, 8, 8], (i) => Math.fround(image(i) / 255), "floats"),
      [names[2]]: idx([20, 8, 8], (i) => Math.fround(image(i) / 255), "floats"),
    }),
  ];
  const [a, b, c] = [await train(plain), await train(odd), await train(unit)];
  expect(a!.err).toBe("");
  for (const said of [
    "has shape [40, 8, 8, 1]: it is taken as [40, 8, 8]",
    "has shape [40, 1]: it is taken as [40]",
    "holds floats, all of them whole",
    "has shape [20, 1, 1]",
  ])
    expect(b!.err).toContain(said);
  expect(c!.err).toContain(
    "the pixels in " + unit + " are from 0 to 1 already: they are taken as they are",
  );
  for (const done of [b, c])
    expect(result(done!)["weightsSha256"]).toBe(result(a!)["weightsSha256"]);
});

test("other classes than ten: letters numbered from 1", async () => {
  const letters = (i: number): number => 1 + (i % 26);
  const out = join(await folder(), "run");
  const data = await dataFolder({ [names[1]]: idx([40], letters), [names[3]]: idx([20], letters) });
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "2", "--out", out]);
  expect(done).toMatchObject({
    code: 0,
    err:
      `the labels in ${data} are from 1 to 26: the network has an output for 0 too, which ` +
      `is never right\n`,
  });
  expect(done.out).toContain("of 27 classes");
  expect((await run(["predict", out, "--index", "7"])).out).toMatch(
    /It is taken for a \d+, and is a 8\./,
  );
  expect((await run(["evaluate", out])).out).toContain("Test accuracy");
  expect((await run(["resume", out, "--epochs", "3", "--quiet"])).code).toBe(0);
  // A network of ten classes, evaluated with 27.
  const digits = join(await folder(), "digits");
  await run([
    "--data",
    await dataFolder(),
    "--model",
    "mlp",
    "--epochs",
    "1",
    "--quiet",
    "--out",
    digits,
  ]);
  refused(
    await run(["evaluate", digits, "--data", data]),
    1,
    /expected labels below 10, which the run was trained with, in .*, got 26/,
  );
});

test("images of another size than MNIST's are trained on", async () => {
  const data = await dataFolder({
    [names[0]]: idx([40, 32, 32], image),
    [names[2]]: idx([20, 32, 32], image),
  });
  expect(
    await run(["--data", data, "--epochs", "1", "--quiet", "--out", join(await folder(), "run")]),
  ).toMatchObject({ code: 0, err: "" });
});
