import { allFinite, topological, where, type Tensor } from "@tenon/tensor";

/** A step that changes all of its state or nothing. */
export interface Transaction {
  /** Whether it changed its state. */
  readonly flag: Tensor;
  /**
   * Whether all values are finite except new values of the state that are computed from those and
   * from old state alone, such as parameters: known before any state is replaced.
   */
  readonly first: Tensor;
  /** The new state. */
  readonly next: readonly Tensor[];
  /** Those new values, as they were traced: they are checked only as they are written. */
  readonly late: ReadonlySet<Tensor>;
}

/**
 * The transaction of a step all of whose state is `where(flag, after, before)` of one flag,
 * `allFinite(…)`, that nothing else depends on; undefined for any other step.
 */
export function transactionOf(
  before: readonly Tensor[],
  after: readonly Tensor[],
  outputs: readonly Tensor[],
): Transaction | undefined {
  const changed = after.flatMap((x, i) => (x === before[i] ? [] : [{ x, old: before[i] }]));
  const flags = new Set(changed.map(({ x, old }) => flagOf(x, old)));
  const [flag] = flags;
  if (flags.size !== 1 || flag?.op.name !== "allFinite") return undefined;
  const changes = changed.map(({ x }) => ({ x, value: x.inputs[1]! }));
  const others = outputs.filter((x) => x !== flag);
  const sources = [...changes.map(({ value }) => value), ...flag.inputs, ...others];
  if (topological(sources).includes(flag)) return undefined;
  const values = new Set(changes.map(({ value }) => value));
  const checkedFirst = new Set([...before, ...flag.inputs.filter((x) => !values.has(x))]);
  // A running statistic is computed from the inputs of the step.
  const late = changes.filter(
    ({ value }) =>
      flag.inputs.includes(value) &&
      topological([value], (x) => checkedFirst.has(x) || x.op.name === "schedule").every(
        (x) => x.op.name !== "input",
      ),
  );
  const lateValues = new Set(late.map(({ value }) => value));
  const first = allFinite(flag.inputs.filter((x) => !lateValues.has(x)));
  return {
    flag,
    first,
    next: after.map((x, i) => (x === before[i] ? x : where(first, x.inputs[1]!, before[i]!))),
    late: new Set(late.map(({ x }) => x)),
  };
}

/** The flag of `where(flag, after, before)`; undefined if a new value is of another form. */
export function flagOf(x: Tensor, before: Tensor | undefined): Tensor | undefined {
  return x.op.name === "where" && x.inputs[2] === before ? unbroadcast(x.inputs[0]!) : undefined;
}

function unbroadcast(x: Tensor): Tensor {
  return x.op.name === "broadcastTo" || x.op.name === "reshape" ? unbroadcast(x.inputs[0]!) : x;
}
