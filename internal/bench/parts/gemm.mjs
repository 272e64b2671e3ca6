// node gemm.mjs '{"threads":[1,2],"products":[{"m":64,"n":64,"k":64,"transposed":""}]}': GFLOP/s of
// products through the public API, one line of JSON each.
import { milliseconds, peak } from "../../../packages/wasm/bench/measure.ts";
import { engineOf } from "../contenders/tenon-program.mjs";

const { threads, products } = JSON.parse(process.argv[2]);
const best = peak(); // before an engine makes V8 emit 256-bit code, which would change this, too
const engines = [];
for (const count of threads) engines.push(await engineOf(count));

/** Small integers: their sums are exact in any order. */
const whole = (rows, columns, seed) => ({
  shape: [rows, columns],
  dtype: "float32",
  data: Float32Array.from({ length: rows * columns }, (_, i) => ((i * seed) % 7) - 3),
});
const zeros = (rows, columns) => ({
  shape: [rows, columns],
  dtype: "float32",
  data: new Float32Array(rows * columns),
});

for (const { m, n, k, transposed } of products) {
  const a = transposed === "a" ? whole(k, m, 5) : whole(m, k, 5);
  const b = transposed === "b" ? whole(n, k, 11) : whole(k, n, 11);
  // Operands and product are state: nothing is fed, nothing is copied out.
  const product = (state) => ({
    state: {
      ...state,
      c: (transposed === "a" ? state.a.transpose() : state.a).matmul(
        transposed === "b" ? state.b.transpose() : state.b,
      ),
    },
    outputs: {},
  });
  for (const engine of engines) {
    const program = engine.compile(product, { a, b, c: zeros(m, n) }, {});
    const ms = milliseconds(() => program.step({}));
    const [i, j] = [m - 1, n - 2];
    const actual = program.state().c.data[i * n + j];
    let expected = 0;
    for (let p = 0; p < k; p++)
      expected +=
        a.data[transposed === "a" ? p * m + i : i * k + p] *
        b.data[transposed === "b" ? j * k + p : p * n + j];
    if (actual !== expected)
      throw new Error(
        `gemm: expected ${expected} in row ${i}, column ${j} of ${m} × ${n} × ${k}, got ${actual}`,
      );
    process.stdout.write(
      `${JSON.stringify({ m, n, k, transposed, threads: engine.threads, gflops: (2 * m * n * k) / ms / 1e6, peak: best })}\n`,
    );
  }
}
process.exit(0);
