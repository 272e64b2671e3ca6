import type { ByPath, NDArray } from "@tenon/contracts";
import type { Chart, Judgement, Values } from "@tenon/experiments";
import type { Language } from "@tenon/experiments/words";

export type Speed = "slow" | "max";

/** An arm of the sandbox. */
export type SandboxArm = {
  readonly model: string;
  readonly optimizer: string;
  readonly rate: number;
  readonly batchSize: number;
  readonly dropout: number;
  readonly normalization: string;
  readonly activation: string;
};

/** What is trained: a tip with the values of its controls, or the arms of the sandbox. */
export interface Subject {
  readonly tip: string;
  readonly values: Values;
  /** Of the sandbox. */
  readonly arms?: ByPath<SandboxArm>;
  readonly size: "quick" | "full";
  readonly seed: number;
}

/** What trains: by the size of each arm's step, or always the same engine. */
export type EngineChoice = "auto" | "cpu" | "gpu";

/** Which engine trains where the browser has WebGPU, and why. */
export interface EngineUse {
  readonly choice: EngineChoice;
  readonly isGpu: boolean;
  /**
   * `software`: it is a software adapter (SwiftShader, llvmpipe), so that WebAssembly is faster;
   * `softwareAsked`: it trains nevertheless, as chosen.
   */
  readonly why: "small" | "large" | "processor" | "asked" | "software" | "softwareAsked";
  readonly adapter: string;
  /** Of the largest step; 0 where it does not matter. */
  readonly mflop: number;
}

/** What the page asks the worker for. */
export type Request =
  | {
      readonly type: "show";
      /** Numbers what is shown: the frames of it have this number. */
      readonly run: number;
      readonly subject: Subject;
      readonly play: boolean;
    }
  /** The last frame has been drawn: the next one is welcome. */
  | { readonly type: "drawn" }
  | { readonly type: "play" }
  | { readonly type: "pause" }
  /** One step of each arm. */
  | { readonly type: "step" }
  | { readonly type: "speed"; readonly speed: Speed }
  /** From the next subject on. */
  | { readonly type: "engine"; readonly choice: EngineChoice }
  /** From the beginning. */
  | { readonly type: "reset"; readonly run: number; readonly play: boolean }
  /** The language in which the doctor speaks. */
  | { readonly type: "speak"; readonly language: Language }
  /** All arms with this many seeds, the first ones included. */
  | { readonly type: "repeat"; readonly seeds: number }
  | { readonly type: "ask"; readonly id: number; readonly question: Question };

/** What is answered once. */
export type Question =
  /** A safetensors file: the weights of an arm, or all from which its run goes on. */
  | { readonly about: "file"; readonly arm: string; readonly what: "weights" | "run" }
  /** The run that a file holds goes on as this arm. */
  | { readonly about: "resume"; readonly arm: string; readonly bytes: Uint8Array }
  /** What the network that was trained last takes an image of 28 × 28 bytes for. */
  | { readonly about: "reading"; readonly pixels: Uint8Array }
  /** How an arm reads the test digits. */
  | { readonly about: "insight"; readonly arm: string };

export interface Answers {
  readonly file: { readonly name: string; readonly bytes: Uint8Array };
  readonly resume: { readonly step: number };
  readonly reading: Reading;
  readonly insight: Insight;
}

/** What a network takes an image for. */
export interface Reading {
  /** For each digit. */
  readonly probabilities: readonly number[];
  /** The arm that was trained last; null of the network that was trained for this. */
  readonly trained: { readonly tip: string; readonly arm: string; readonly steps: number } | null;
}

/** How a network reads the test digits. */
export interface Insight {
  /** How often a digit (row) was taken for another (column). */
  readonly confusion: readonly (readonly number[])[];
  /** For each of these 100 cells, the images of some of its digits. */
  readonly examples: readonly (readonly number[])[];
  /** The images with the largest losses. */
  readonly worst: readonly {
    readonly image: number;
    readonly is: number;
    readonly taken: number;
  }[];
  /** The pixels of all images that are named, 784 bytes each. */
  readonly images: Readonly<Record<number, Uint8Array>>;
  /** The kernels of the first layer, if they can be shown as images. */
  readonly filters: readonly NDArray[];
}

/** An arm as the page lists it. */
export interface ArmState {
  readonly arm: string;
  readonly step: number;
  /** Steps of the whole run; 0 before it has begun. */
  readonly steps: number;
  readonly state: "waiting" | "running" | "done" | "nonFinite";
  /** Of a run that has ended. */
  readonly measures?: ByPath<number | null>;
  /** The SHA-256 of its weights. */
  readonly digest?: string;
  readonly code: string;
}

/** What the doctor said of an arm, in the page's language. */
export interface Said {
  readonly arm: string;
  readonly severity: "error" | "warning" | "hint";
  readonly title: string;
  readonly meaning: string;
  readonly tip: string;
}

/** Where training stands: all that the page draws. */
export interface Frame {
  /** The number of what is shown. */
  readonly run: number;
  readonly charts: readonly {
    readonly id: string;
    readonly chart: Chart;
    /** Whether something is in it that was computed for this run. */
    readonly isNew: boolean;
    /** Whether it is of arms and values alone, not of runs. */
    readonly isComputed: boolean;
  }[];
  readonly arms: readonly ArmState[];
  readonly said: readonly Said[];
  /** How many seeds have been run with all arms, and how many are to be. */
  readonly seeds: { readonly done: number; readonly all: number };
  /** Of two or more seeds. */
  readonly judgements: readonly Judgement[];
  readonly isRunning: boolean;
  readonly isDone: boolean;
  readonly stepsPerSecond: number;
}

export type Reply =
  | {
      readonly type: "engine";
      readonly threads: number;
      /** Why it has one thread only. */
      readonly isIsolated: boolean;
      /** Where the browser has WebGPU. */
      readonly use?: EngineUse | undefined;
    }
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly type: "refusal"; readonly id: number; readonly reason: string }
  | { readonly type: "failure"; readonly reason: string };
