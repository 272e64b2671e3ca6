/// <reference types="node" />
import { readdirSync } from "node:fs";
import ts from "typescript";
import type { Batch } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { dataset, prefetch } from "@tenon/data";
import { initFromJSON } from "@tenon/init";
import { dense, layerFromJSON } from "@tenon/layers";
import { sgd } from "@tenon/optimizers";
import { scheduleFromJSON } from "@tenon/schedulers";
import { pass, reference, tensor } from "@tenon/tensor";
import { fit } from "@tenon/trainer";
import { describe, expect, test } from "vitest";

// The functions and their options are read from the types, so that none can be forgotten here.
const packages = new URL("../../../packages/", import.meta.url);
const entries = readdirSync(packages).map((folder) => ({
  folder,
  file: new URL(`${folder}/src/index.ts`, packages).pathname,
}));
const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: [],
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  },
);
const checker = program.getTypeChecker();

interface Exported {
  readonly name: string;
  readonly folder: string;
  readonly declaration: ts.FunctionDeclaration;
}

const functions = entries.flatMap(({ folder, file }) =>
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
    .flatMap((symbol): Exported[] => {
      const { valueDeclaration } =
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return valueDeclaration && ts.isFunctionDeclaration(valueDeclaration)
        ? [{ name: symbol.name, folder, declaration: valueDeclaration }]
        : [];
    }),
);

const place = ({ declaration }: Exported): number =>
  declaration.parameters.findIndex(({ name }) => name.getText() === "options");
const withOptions = functions
  .filter((entry) => place(entry) >= 0)
  .map((entry) => ({
    ...entry,
    position: place(entry),
    names: checker
      .getPropertiesOfType(
        checker.getTypeFromTypeNode(entry.declaration.parameters[place(entry)]!.type!),
      )
      .map(({ name }) => name),
  }));

type Call = (...args: readonly unknown[]) => unknown;
const called = async ({ folder, name }: Exported): Promise<Call> =>
  ((await import(`@tenon/${folder}`)) as Record<string, Call>)[name]!;

/** The message of a call that throws or rejects, at once or at its first event. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    const result = (await call()) as Partial<AsyncGenerator> | undefined;
    await result?.next?.();
    return "nothing was refused";
  } catch (error) {
    return (error as Error).message;
  }
}

const x = tensor([
  [1, 2],
  [3, 4],
]);
const batch: Batch = {
  x: { shape: [2, 1], dtype: "float32", data: new Float32Array(2) },
  y: { shape: [2], dtype: "int32", data: new Int32Array(2) },
};
const samples: Readonly<Record<string, unknown>> = {
  number: 2,
  Pair: 2,
  "Schedule | number": 0.1,
  Tensor: x,
  "Layer<Tensor>": dense(2),
  Layers: [dense(2)],
  Uint8Array: Uint8Array.of(0),
  string: "loss",
  "(event: MeasuredEvent) => ByPath<number> | undefined": () => undefined,
  Json: null,
  Batch: batch,
  'Pick<Batch, "x" | "y">': batch,
  Dataset: dataset(batch),
  "(example: Batch) => Batch": (example: Batch) => example,
  "readonly Sequence[]": [batch.y],
  "readonly WasmPart[]": [],
  "{ readonly x: readonly Sequence[]; readonly y: NDArray }": {
    x: [batch.y, batch.y],
    y: batch.y,
  },
};
const sample = (parameter: ts.ParameterDeclaration): unknown =>
  samples[parameter.type?.getText() ?? "number"];

test("TypeScript found the functions", () => {
  expect(withOptions.length).toBeGreaterThan(120);
  expect(withOptions.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["adam", "conv2d", "earlyStopping", "fit", "wasm", "crossEntropy"]),
  );
});

test("every object of options is a parameter called options", () => {
  const others = functions.flatMap(({ folder, name, declaration }) =>
    declaration.parameters
      .filter(
        (parameter) =>
          /Options\b/.test(parameter.type?.getText() ?? "") &&
          parameter.name.getText() !== "options",
      )
      .map(() => `${folder}: ${name}`),
  );
  expect(others.filter((entry) => entry !== "")).toEqual([]);
});

describe.each(withOptions)("$folder: $name", (entry) => {
  const { name, names, position, declaration } = entry;
  const refused = async (options: unknown): Promise<unknown> => {
    const call = await called(entry);
    const args = declaration.parameters.slice(0, position).map(sample);
    return refusal(() => call(...args, options));
  };

  test("refuses an unknown option, and names the known ones", async () => {
    const said = await refused({ zzz: 1 });
    expect(said).toMatch(new RegExp(`^${name}: expected options \\{ .* \\}, got "zzz"$`));
    for (const option of names) expect(said).toMatch(new RegExp(`\\b${option}\\b`));
  });

  test("suggests the option that was meant", async () => {
    for (const option of names.filter((option) => option.length > 1)) {
      const half = Math.ceil(option.length / 2);
      const typo = `${option.slice(0, half)}x${option.slice(half)}`;
      expect(await refused({ [typo]: 1 })).toMatch(
        new RegExp(
          `^${name}: expected options \\{ .* \\}, got "${typo}"; did you mean "${option}"\\?$`,
        ),
      );
    }
  });

  test("refuses a number, null, an array or a function as options", async () => {
    for (const [given, got] of [
      [0.001, "0.001"],
      [null, "null"],
      [[1], "[1]"],
      ["a", '"a"'],
      [Math.max, "max, a function"],
    ] as const) {
      const said = await refused(given);
      expect(said).toMatch(new RegExp(`^${name}: expected options \\{ .* \\}, got `));
      expect(said).toContain(`, got ${got}`);
    }
  });
});

describe.each(functions.filter(({ declaration }) => declaration.parameters.length === 0))(
  "$folder: $name takes nothing",
  (entry) => {
    test("and says so", async () => {
      const call = await called(entry);
      expect(await refusal(() => call({ value: 1 }))).toBe(
        `${entry.name}: expected no options, got "value"`,
      );
      expect(await refusal(() => call(6))).toBe(`${entry.name}: expected nothing, got 6`);
      expect(await refusal(() => call())).toBe("nothing was refused");
    });
  },
);

const examples = dataset(samples["Batch"] as Parameters<typeof dataset>[0]);

test.each([
  [
    "a dataset's batches",
    () => examples.batches({ batchsize: 2 } as never),
    'got "batchsize"; did you mean "batchSize"?',
  ],
  [
    "batches ahead",
    () => prefetch(examples, 1).batches({ batchsize: 2 } as never),
    'got "batchsize"; did you mean "batchSize"?',
  ],
  [
    "what is the best epoch",
    () =>
      fit(dense(2), {
        train: examples,
        loss: crossEntropy,
        optimizer: sgd(),
        engine: reference(),
        best: { monitor: "loss", moed: "min" } as never,
      }),
    "fit's best: expected options { monitor, mode",
  ],
  [
    "the step context of a pass",
    () => pass({ params: {}, training: { sead: x, step: x } as never }),
    "pass's training: expected options { seed, step",
  ],
  [
    "an init in JSON",
    () => initFromJSON({ type: "heNormal", gian: 2 }),
    "heNormal: expected options { gain, mode, truncated",
  ],
  [
    "an init without options in JSON",
    () => initFromJSON({ type: "zeros", value: 2 }),
    "zeros: expected no options",
  ],
  [
    "a schedule in JSON",
    () => scheduleFromJSON({ type: "linear", start: 1, step: 2 }),
    "linear: expected options { start, end, steps, delay",
  ],
  [
    "a schedule in a schedule",
    () => scheduleFromJSON({ type: "warmup", steps: 2, schedule: { type: "constant", valeu: 1 } }),
    "constant: expected options { value",
  ],
  [
    "a layer in JSON",
    () => layerFromJSON({ type: "conv2d", args: [8, 3, { stride: 2 }] }),
    "conv2d: expected options { useBias, kernelInit, biasInit, paddingMode, strides, padding, dilation, " +
      "groups",
  ],
  [
    "a layer in a layer",
    () => layerFromJSON({ type: "sequential", args: [{ type: "relu", args: [{ max: 6 }] }] }),
    "relu: expected no options",
  ],
  [
    "an init in a layer",
    () =>
      layerFromJSON({ type: "dense", args: [2, { kernelInit: { type: "heNormal", gian: 2 } }] }),
    "heNormal: expected options { gain",
  ],
])("%s: unknown names are refused", async (_, call, message) => {
  expect(await refusal(call)).toContain(message);
});

test.each([
  [() => initFromJSON({ type: "he_normal" }), 'got "he_normal"; did you mean "heNormal"?'],
  [() => scheduleFromJSON({ type: "Linear" }), 'got "Linear"; did you mean "linear"?'],
  [() => layerFromJSON({ type: "conv2D" }), 'got "conv2D"; did you mean "conv2d"?'],
])("an unknown type suggests the nearest", async (call, message) => {
  expect(await refusal(call)).toContain(message);
});
