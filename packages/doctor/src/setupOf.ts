import type {
  ArraySpec,
  Json,
  Layer,
  LayerPart,
  LayerPlan,
  Penalty,
  Shape,
  Transform,
} from "@tenon/contracts";
import { badArgument, flag, inNameOf, known, made, shown, whole } from "@tenon/guards";
import { decaysOf } from "./decaysOf.js";
import type { LayerSetup, Setup } from "./record.js";

/** What a run is made of, as `fit` takes it. */
export interface SetupParts {
  /** The shape of one example, without the batch axis. */
  readonly input: Shape;
  /**
   * The loss function, or Tenon's name of it, where it is wrapped in another function. A name that
   * is not Tenon's is left out: rules that read the loss then say nothing.
   * @defaultValue unknown
   */
  readonly loss?: string | ((...values: never[]) => unknown);
  /** @defaultValue unknown */
  readonly optimizer?: Transform;
  /** @defaultValue none */
  readonly penalties?: readonly Penalty[];
  /** @defaultValue unknown */
  readonly batchSize?: number;
  /** @defaultValue false */
  readonly dropLast?: boolean;
  /** The training data: its size is read. @defaultValue unknown */
  readonly train?: { readonly size: number; readonly y?: ArraySpec };
  /** @defaultValue unknown */
  readonly epochs?: number;
}

/** What is read of a model: all that a `Layer` has but its forward pass. */
export type Described = Pick<Layer<never>, "type" | "plan" | "toJSON">;

const losses = [
  ...["crossEntropy", "binaryCrossEntropy", "binaryFocal", "mse", "mae", "huber", "smoothL1"],
  ...["logCosh", "hinge", "softMargin", "categoricalHinge", "klDivergence", "poisson"],
  "cosineDistance",
];

/**
 * What the rules know of a run before it begins: the layers of a model in order, with their shapes,
 * and what the loss, the optimizer and the batches are.
 *
 * The optimizer is asked, with gradients of zero, which parameters it moves towards zero: those
 * decay. Nothing is trained.
 *
 * @throws RangeError if the model is no layer or does not fit the input, or a part makes no sense
 */
export function setupOf(model: Described, parts: SetupParts): Setup {
  made("setupOf", "a model", model, "plan toJSON", "sequential(dense(10))");
  const { input, loss, optimizer, penalties, batchSize, dropLast, train, epochs } = known(
    "setupOf",
    parts,
    "input loss optimizer penalties batchSize dropLast train epochs",
  );
  if (!Array.isArray(input))
    throw badArgument("setupOf", "input, the shape of one example", shown(input));
  checkNumbers(parts);
  const plan = planOf(model, input);
  const layers = withOptions(
    plan.parts
      ? leavesOf(plan.parts, model.type, "", "").leaves
      : [leafOf(model.type, "", plan, "")],
    dropoutsAndNorms(model.toJSON() as Json),
  );
  const name = typeof loss === "function" ? loss.name : loss;
  const shapes = Object.fromEntries(
    Object.entries(plan.params).map(([path, { shape }]) => [path, shape]),
  );
  const stepsPerEpoch =
    train && batchSize && (dropLast ? Math.floor : Math.ceil)(train.size / batchSize);
  const steps = (epochs ?? 1) * (stepsPerEpoch ?? 1000);
  const decays = inNameOf("setupOf", () =>
    decaysOf({ shapes, steps, ...(optimizer && { optimizer }), penalties }),
  );
  return {
    layers,
    input,
    ...(name !== undefined && losses.includes(name) && { loss: name }),
    ...(name === "crossEntropy" && { classes: plan.output.at(-1) ?? 1 }),
    ...(penalties && penalties.length > 0 && { penalties: true }),
    ...(optimizer && { optimizer: optimizer.name }),
    decays,
    ...(batchSize !== undefined && { batchSize }),
    ...(dropLast !== undefined && { dropLast }),
    ...(train && { examples: train.size }),
    ...(epochs !== undefined && { epochs }),
    ...(stepsPerEpoch !== undefined && { stepsPerEpoch }),
  };
}

/** The model's plan, or an error that says also which layer refuses the input. */
function planOf(model: Described, input: Shape): LayerPlan {
  try {
    return model.plan(input);
  } catch (cause) {
    const { name, message } = cause as Error;
    if (name !== "RangeError") throw cause;
    throw badArgument("setupOf", "input that fits the model", shown(input), message);
  }
}

function checkNumbers({ loss, batchSize, dropLast, epochs, train }: SetupParts): void {
  if (loss !== undefined && typeof loss !== "string" && typeof loss !== "function")
    throw badArgument("setupOf", "loss as a function, or its name", shown(loss));
  if (batchSize !== undefined) whole("setupOf", "batchSize", batchSize, 1);
  if (dropLast !== undefined) flag("setupOf", "dropLast", dropLast);
  if (epochs !== undefined) whole("setupOf", "epochs", epochs, 1);
  if (train !== undefined && !Number.isSafeInteger(train?.size))
    throw badArgument("setupOf", "train with a size, such as dataset({ x, y })", shown(train));
}

/** Containers whose parts all take the input of the container. */
const parallel = ["residual", "inception"];

/**
 * The layers without parts among parts, and the path of what the container gives; the container
 * takes the output of `from`.
 */
function leavesOf(
  parts: readonly LayerPart[],
  container: string,
  prefix: string,
  from: string | null,
): { readonly leaves: LayerSetup[]; readonly last: string | null } {
  const leaves: LayerSetup[] = [];
  const inRow = container === "sequential";
  let source = from;
  for (const { path, type, plan } of parts) {
    const whole = prefix === "" ? path : `${prefix}/${path}`;
    const input = inRow ? source : parallel.includes(container) ? from : null;
    if (plan.parts) leaves.push(...leavesOf(plan.parts, type, whole, input).leaves);
    else leaves.push(leafOf(type, whole, plan, input));
    source = whole;
  }
  return { leaves, last: inRow ? source : prefix };
}

function leafOf(
  type: string,
  path: string,
  { output, params, range }: LayerPart["plan"],
  from: string | null,
): LayerSetup {
  const constant = constantOf(params);
  return {
    path,
    type,
    output,
    ...(constant !== undefined && { constant }),
    params: Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape])),
    ...(range && { range }),
    from,
  };
}

/**
 * The value that all elements of the largest parameter begin with, if each parameter begins with
 * one value: by what its init draws for a small array of as many axes.
 */
function constantOf(params: LayerPart["plan"]["params"]): number | undefined {
  let [value, size] = [undefined as number | undefined, 0];
  for (const { shape, init } of Object.values(params)) {
    let drawn = 0;
    const rng = (): number => (drawn = (drawn + 0.381966) % 1);
    const [first, ...others] = init(
      shape.map((n) => Math.min(n, 2)),
      rng,
    );
    if (first === undefined || others.some((other) => other !== first)) return undefined;
    const elements = shape.reduce((a, b) => a * b, 1);
    if (elements > size) [value, size] = [first, elements];
  }
  return value;
}

/** The numbers that dropouts and batch norms were made with, in the order of a model's JSON. */
function dropoutsAndNorms(json: Json): { type: string; value: number | undefined }[] {
  if (typeof json !== "object" || json === null) return [];
  if (Array.isArray(json)) return (json as readonly Json[]).flatMap(dropoutsAndNorms);
  const { type, args } = json as { readonly type?: Json; readonly args?: readonly Json[] };
  const first = Array.isArray(args) ? args[0] : undefined;
  if (type === "dropout") return [{ type, value: typeof first === "number" ? first : 0 }];
  if (type === "batchNorm") {
    const momentum = (first as { readonly momentum?: Json } | undefined)?.momentum ?? 0.99;
    return [{ type, value: typeof momentum === "number" ? momentum : undefined }];
  }
  return Object.values(json).flatMap(dropoutsAndNorms);
}

/** The layers with these numbers, if there are as many of them; else as they are. */
function withOptions(
  layers: readonly LayerSetup[],
  options: readonly { readonly type: string; readonly value: number | undefined }[],
): LayerSetup[] {
  const concerned = layers.filter(({ type }) => type === "dropout" || type === "batchNorm");
  const agree =
    concerned.length === options.length &&
    concerned.every(({ type }, i) => type === options[i]!.type);
  if (!agree) return [...layers];
  return layers.map((layer) => {
    const option = options[concerned.indexOf(layer)];
    if (option?.value === undefined) return layer;
    return layer.type === "dropout"
      ? { ...layer, rate: option.value }
      : { ...layer, momentum: option.value };
  });
}
