import { datasetSuite, refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, encodeTable, readCsv } from "./csv.js";
import { dataset } from "./index.js";

const text = `sepal,color,weight,kind
5.1,red,1e2,setosa
4.9,"deep, ""dark"" red",.5,virginica
6,red,-3,setosa
`;
const table = readCsv(text);
const columns = columnsOf(table, { target: "kind" });

const numbers = Array.from({ length: 12 }, (_, i) => `${i},${(i * 7) % 5},${i % 3}`).join("\n");
datasetSuite(
  "of a table",
  dataset(
    encodeTable(
      readCsv(numbers, { header: false }),
      columnsOf(readCsv(numbers, { header: false }), { target: "3", categories: ["3"] }),
    ),
  ),
);

test("reads RFC 4180's examples", () => {
  const rows = (csv: string): readonly (readonly string[])[] =>
    readCsv(csv, { header: false }).rows;
  expect(rows("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n")).toEqual([
    ["aaa", "bbb", "ccc"],
    ["zzz", "yyy", "xxx"],
  ]);
  expect(rows("aaa,bbb,ccc\r\nzzz,yyy,xxx")).toEqual([
    ["aaa", "bbb", "ccc"],
    ["zzz", "yyy", "xxx"],
  ]);
  expect(rows('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx')).toEqual([
    ["aaa", "b\r\nbb", "ccc"],
    ["zzz", "yyy", "xxx"],
  ]);
  expect(rows('"aaa","b""bb","ccc"')).toEqual([["aaa", 'b"bb', "ccc"]]);
  expect(readCsv("\uFEFFa;b\n 1 ;\n", { delimiter: ";" })).toEqual({
    names: ["a", "b"],
    rows: [[" 1 ", ""]],
    lines: [2],
  });
  expect(readCsv('a\n"1\n2"\n3\n').lines).toEqual([2, 4]);
});

test("what is written is read back, whatever the fields are", () => {
  const field = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "é", "🙂") });
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((width) =>
          fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }),
        ),
      fc.constantFrom("\n", "\r\n"),
      (rows, end) => {
        const written = rows
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
          .join(end);
        expect(readCsv(written, { header: false }).rows).toEqual(rows);
      },
    ),
  );
});

test("columns are numbers or categories, as plain data", () => {
  expect(JSON.parse(JSON.stringify(columns))).toEqual({
    features: [
      { name: "sepal", kind: "number" },
      { name: "color", kind: "category", categories: ['deep, "dark" red', "red"] },
      { name: "weight", kind: "number" },
    ],
    targets: [{ name: "kind", kind: "category", categories: ["setosa", "virginica"] }],
    classes: ["setosa", "virginica"],
  });
  expect(encodeTable(table, columns)).toEqual({
    x: {
      shape: [3, 4],
      dtype: "float32",
      data: Float32Array.of(5.1, 0, 1, 100, 4.9, 1, 0, 0.5, 6, 0, 1, -3),
    },
    y: { shape: [3], dtype: "int32", data: Int32Array.of(0, 1, 0) },
  });
});

test("another table is encoded as the first one was", () => {
  const next = readCsv("kind,weight,color,sepal\nvirginica,2,red,1\n");
  expect(encodeTable(next, columns)).toMatchObject({
    x: { data: Float32Array.of(1, 0, 1, 2) },
    y: { data: Int32Array.of(1) },
  });
  const unlabelled = { ...columns, targets: [] };
  expect(encodeTable(next, unlabelled).y).toEqual({
    shape: [1, 0],
    dtype: "float32",
    data: new Float32Array(0),
  });
});

test("labels may be numbers, targets several, missing ones the mean", () => {
  const some = readCsv("a,b,c\n1,10,x\nNA,9,x\n4,2,y\n");
  expect(columnsOf(some, { target: "b", categories: ["b"], missing: "mean" })).toMatchObject({
    features: [{ name: "a", kind: "number", missing: 2.5 }, {}],
    targets: [{ categories: ["2", "9", "10"] }],
    classes: ["2", "9", "10"],
  });
  const two = columnsOf(some, { target: ["a", "b"], missing: "mean" });
  expect(two.classes).toEqual([]);
  expect(encodeTable(some, two).y).toEqual({
    shape: [3, 2],
    dtype: "float32",
    data: Float32Array.of(1, 10, 2.5, 9, 4, 2),
  });
});

test("what is damaged is said with its line", () => {
  const broken: readonly (readonly [string, string])[] = [
    ["", "readCsv: expected at least one row, got an empty file"],
    ["a,b\n1,2\n3\n", "readCsv: expected 2 fields in line 3, as in the first, got 1"],
    ["a,b\n1,2\n\n", "readCsv: expected 2 fields in line 3, as in the first, got 1"],
    ['a,b\n"1\n,2', "readCsv: the quote that opens in line 2 is never closed"],
    [
      'a,b\n"1"x,2',
      'readCsv: expected "," or the end of line 2 after a quote that closes, got "x"',
    ],
    ['a,b\n1"2,3', "readCsv: a quote inside a field in line 2"],
    [
      'a;b\n1;"x"',
      'readCsv: a quote inside a field in line 2; fields seem to be separated by ";": say it as delimiter',
    ],
    [
      "a\tb\n1\t2,5",
      'line 2, as in the first, got 2; fields seem to be separated by "\\t": say it as delimiter',
    ],
    ["a,a\n1,2", 'readCsv: expected columns with names of their own, got "a" twice'],
  ];
  for (const [csv, message] of broken) expect(() => readCsv(csv)).toThrow(message);
});

test("what makes no sense is said", () => {
  const gap = readCsv("a,b\n1,2\n,3\n");
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => readCsv(new Uint8Array(1) as never), "readCsv: expected text, got"],
    [
      () => readCsv("a", { delimiter: '"' }),
      'readCsv: expected a delimiter of one character, no quote or line end, got "\\""',
    ],
    [
      () => columnsOf(table, { target: "kinds" }),
      'columnsOf: expected target among sepal, color, weight, kind, got "kinds"',
    ],
    [
      () => columnsOf(table, { target: "kind", features: ["kind"] }),
      'columnsOf: expected features without the target, got "kind"',
    ],
    [
      () => columnsOf(table, { target: ["kind", "weight"] }),
      'columnsOf: expected several targets to be numbers, got categories in "kind"',
    ],
    [
      () => columnsOf(gap),
      'columnsOf: expected a number in column "a", line 3, got ""; say missing: "mean"',
    ],
    [() => columnsOf(readCsv("a\n")), "columnsOf: expected at least one row, got none"],
    [() => columnsOf({} as never), "columnsOf: expected a table, such as readCsv(text), got {}"],
    [
      () => encodeTable(readCsv("sepal,color,weight,kind\n1,blue,2,setosa"), columns),
      'red in column "color", line 2, got "blue"; make the columns of a table that has all categories',
    ],
    [
      () => encodeTable(readCsv("sepal,color,weight,kind\n1,red,Infinity,setosa"), columns),
      'encodeTable: expected a number in column "weight", line 2, got "Infinity"',
    ],
    [
      () => encodeTable(readCsv("sepal,color,weight,kind\n1,red,,setosa"), columns),
      'encodeTable: expected a number in column "weight", line 2, got ""',
    ],
    [
      () => encodeTable(readCsv("color\nred"), columns),
      'encodeTable: expected a table with a column "sepal", got color',
    ],
    [
      () => encodeTable(table, 3 as never),
      "encodeTable: expected columns, such as columnsOf(table), got 3",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});
