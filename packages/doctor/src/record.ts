import type { ByPath, Shape, StepStatistics } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";

/** A layer of a network, as far as a rule wants to know it. */
export interface LayerSetup {
  /** As in the statistics: `"residual1/body/conv2d2"`. */
  readonly path: string;
  /** `"dense"`, `"relu"`, `"batchNorm"`: Tenon's names. Others are taken for nonlinear. */
  readonly type: string;
  /** The shape of one example's output. */
  readonly output?: Shape;
  /** The shapes of its parameters, by their names inside the layer. */
  readonly params?: ByPath<Shape>;
  /**
   * Where all elements of each of its parameters begin with one value: that of its kernel, or of
   * its largest parameter.
   */
  readonly constant?: number;
  /** Of a bounded activation: the smallest and the largest value that it can give. */
  readonly range?: readonly [number, number];
  /** Of a dropout: the fraction of elements that it drops. */
  readonly rate?: number;
  /** Of a batch norm: the fraction of a running statistic that a step keeps. */
  readonly momentum?: number;
  /**
   * The path of the layer whose output it takes: `""` is the input, `null` unknown.
   * @defaultValue the layer before it in the list
   */
  readonly from?: string | null;
}

/** A parameter that an optimizer or a penalty pulls towards zero. */
export interface Decay {
  readonly path: string;
  readonly shape: Shape;
  /**
   * The fraction of the value that a step takes away where there is no gradient; absent where a
   * rule such as Adam changes it, or a penalty does it.
   */
  readonly rate?: number;
}

/** How a run was set up. All of it is optional: a rule that lacks something says nothing. */
export interface Setup {
  /** In the order of the forward pass, without containers. */
  readonly layers?: readonly LayerSetup[];
  /** The shape of one example. */
  readonly input?: Shape;
  /** How many classes the network tells apart. */
  readonly classes?: number;
  /** Tenon's name of the loss: `"crossEntropy"`, which takes logits. */
  readonly loss?: string;
  /** Whether penalties are added to the loss, so that its size says less. */
  readonly penalties?: boolean;
  readonly optimizer?: string;
  readonly decays?: readonly Decay[];
  readonly batchSize?: number;
  /** The number of training examples. */
  readonly examples?: number;
  readonly dropLast?: boolean;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
}

/** Values of one kind, pooled. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

/** What was measured of training data. A feature is an index of one example. */
export interface DataMeasures {
  /** How many examples were measured. */
  readonly examples: number;
  /** Of all elements of the inputs. */
  readonly input: Spread;
  readonly features: number;
  /** The fraction of features that are the same in all examples. */
  readonly constantFeatures: number;
  /** The largest standard deviation of a feature over their median, constant ones left out. */
  readonly scaleRatio?: number;
  /** The median of |mean| / standard deviation of a feature, constant ones left out. */
  readonly offCentre?: number;
  /** The fraction of elements of inputs and targets that are NaN or infinite. */
  readonly nonFinite: number;
  /**
   * How often each label occurs, from 0; for targets that are labels or one-hot. Of a dataset in
   * memory all labels are counted, also of examples that were not measured.
   */
  readonly classCounts?: readonly number[];
  /** Of all elements of the targets: labels, or values. */
  readonly targets: Spread;
}

/** The losses of a run, in bounded memory. */
export interface LossHistory {
  /** How many there were. */
  readonly count: number;
  /** The first 16. */
  readonly first: readonly number[];
  /** The last 64. */
  readonly recent: readonly number[];
  /** Means of blocks of steps in a row. */
  readonly curve: readonly number[];
  /** How many steps a block has: a power of two that grows. */
  readonly block: number;
  /** Of the block under way. */
  readonly open: { readonly sum: number; readonly count: number };
}

/** Loss and metrics, by name. */
export type ScoresByName = Readonly<Record<string, number>>;

export interface EpochRecord {
  readonly epoch: number;
  readonly step: number;
  readonly train: ScoresByName;
  readonly validation?: ScoresByName;
}

/** L2 norms over all kernels together. */
export interface Norms {
  /** Each kernel counts as at least as long as Glorot's initial values are. */
  readonly value: number;
  readonly gradient: number;
  readonly update: number;
}

export interface ObservedStep extends StepStatistics {
  /** Counted from 1. */
  readonly step: number;
  readonly norms: Norms;
  /** The median over kernels of the norm of the update over that of the value. NaN without. */
  readonly ratio: number;
}

export interface NonFiniteRecord {
  readonly step: number;
  readonly loss: number;
  /** As `fit` says it: `layer "exponential1"`, `"the input batch"`, `"the loss"`. */
  readonly where: string;
}

/** All that is known of a run: plain data. */
export interface RunRecord {
  readonly setup: Setup;
  readonly data?: DataMeasures;
  /** Steps done. */
  readonly step: number;
  readonly losses: LossHistory;
  readonly epochs: readonly EpochRecord[];
  /** At most 48 observed steps: the first four, the last sixteen, some of those between. */
  readonly observed: readonly ObservedStep[];
  readonly nonFinite?: NonFiniteRecord;
  /** The last step that the optimizer's `skipNonFinite` left out. */
  readonly skipped?: number;
  /** Running statistics at the end of the run, by path: `"batchNorm1/mean"`. */
  readonly running?: ByPath<readonly number[]>;
  /** Why the run ended. */
  readonly ended?: string;
  /** What `overfitOneBatch` saw. */
  readonly oneBatch?: {
    readonly learnt: boolean;
    /** Not learnt yet, while the loss was still falling. @defaultValue false */
    readonly falling?: boolean;
    readonly first: number;
    readonly last: number;
    readonly steps: number;
  };
}

/** What is known of a run before it begins. */
export interface RecordOptions {
  /** @defaultValue unknown */
  readonly setup?: Setup;
  /** @defaultValue unknown */
  readonly data?: DataMeasures;
}

const ofNetwork = "layers input classes loss penalties optimizer decays ";
const ofRun = "batchSize examples dropLast epochs stepsPerEpoch";

/**
 * A record of a run that has not begun.
 *
 * @throws RangeError if set-up or data are no objects, or the set-up has a part that is not known
 */
export function newRecord(options: RecordOptions = {}): RunRecord {
  const { setup = {}, data } = known("newRecord", options, "setup data");
  known("newRecord: setup", setup, `${ofNetwork}${ofRun}`);
  const isLayer = (layer: LayerSetup | null): boolean =>
    typeof layer?.path === "string" && typeof layer.type === "string";
  const { layers = [] } = setup;
  if (!Array.isArray(layers) || !layers.every(isLayer))
    throw badArgument("newRecord", "layers of the set-up, each with path and type", shown(layers));
  if (data !== undefined && typeof data?.input !== "object")
    throw badArgument("newRecord", "data as measure(train) gives it", shown(data));
  return {
    setup,
    ...(data && { data }),
    step: 0,
    losses: { count: 0, first: [], recent: [], curve: [], block: 1, open: { sum: 0, count: 0 } },
    epochs: [],
    observed: [],
  };
}
