import type { Frame, Speed } from "../protocol.js";
import type { Training } from "./training.js";

/** Milliseconds of training between two looks at the messages. */
const slice = 12;
/** Milliseconds from one frame to the next, at least. */
const betweenFrames = 40;
/** After so many milliseconds a frame follows one that has not been drawn. */
const patience = 400;
/** Milliseconds from one step to the next at the slow speed. */
const slow = 120;

/** Lets a training run, pause and step; one at a time. */
export interface Player {
  /** Replaces what is trained; it plays, or is paused. */
  load(training: Training, plays: boolean): void;
  readonly training: Training | undefined;
  readonly isPlaying: boolean;
  play(): void;
  pause(): void;
  /** Pauses, and shows nothing more: something else will be loaded. */
  stop(): void;
  /** Posts a frame. */
  show(): void;
  /** The last frame has been drawn. */
  goOn(): void;
  setSpeed(speed: Speed): void;
  /** Does something between two steps, and goes on. */
  between<T>(work: (training: Training) => Promise<T>): Promise<T>;
}

export interface PlayerOptions {
  readonly post: (frame: Frame) => void;
  readonly fail: (error: unknown) => void;
  /** Gives messages their turn. */
  readonly turn: () => Promise<void>;
}

export function newPlayer({ post, fail, turn }: PlayerOptions): Player {
  let training: Training | undefined;
  let speed: Speed = "max";
  /** Counts what is to be played: a loop ends when it is not its turn any more. */
  let generation = 0;
  let isPlaying = false;
  let ended: Promise<void> = Promise.resolve();
  let frame = { at: -Infinity, cost: 0, isDrawn: true };
  let rate = { since: 0, steps: 0, perSecond: 0 };

  function postFrame(): void {
    if (!training) return;
    const began = performance.now();
    const { perSecond } = rate;
    post({ ...training.frame(), isRunning: isPlaying, stepsPerSecond: isPlaying ? perSecond : 0 });
    frame = { at: performance.now(), cost: performance.now() - began, isDrawn: false };
  }

  function measureRate(steps: number): void {
    const now = performance.now();
    if (now - rate.since < 500) return;
    rate = { since: now, steps, perSecond: ((steps - rate.steps) * 1000) / (now - rate.since) };
  }

  /** Trains for a moment; false where all has ended. */
  async function advance(of: Training, goesOn: () => boolean): Promise<boolean> {
    if (speed === "slow") {
      await of.stepAll();
      return !of.frame().isDone;
    }
    const until = performance.now() + slice;
    while (goesOn() && performance.now() < until) if (!(await of.advance())) return false;
    return true;
  }

  async function run(of: Training, mine: number): Promise<void> {
    const goesOn = (): boolean => mine === generation && isPlaying;
    while (goesOn()) {
      const isOpen = await advance(of, goesOn);
      if (!goesOn()) return;
      measureRate(of.stepsDone);
      if (!isOpen) isPlaying = false;
      const wait = Math.max(frame.isDrawn ? betweenFrames : patience, 4 * frame.cost);
      if (!isOpen || speed === "slow" || performance.now() - frame.at > wait) postFrame();
      await (speed === "slow" ? new Promise((go) => setTimeout(go, slow)) : turn());
    }
  }

  const player: Player = {
    get training() {
      return training;
    },
    get isPlaying() {
      return isPlaying;
    },
    load(next, plays) {
      generation += 1;
      isPlaying = false;
      training = next;
      if (plays) player.play();
      else postFrame();
    },
    play() {
      if (!training || isPlaying) return;
      isPlaying = true;
      generation += 1;
      rate = { since: performance.now(), steps: training.stepsDone, perSecond: 0 };
      postFrame();
      const [of, mine] = [training, generation];
      // One loop at a time: the one before this ends at its next step.
      ended = ended
        .then(() => run(of, mine))
        .catch((cause: unknown) => {
          isPlaying &&= mine !== generation;
          postFrame();
          fail(cause);
        });
    },
    pause() {
      isPlaying = false;
      postFrame();
    },
    stop() {
      isPlaying = false;
      generation += 1;
    },
    show: postFrame,
    goOn() {
      frame.isDrawn = true;
    },
    setSpeed(next) {
      speed = next;
    },
    async between(work) {
      const goesOn = isPlaying;
      isPlaying = false;
      await ended;
      const result = await work(training!);
      postFrame();
      if (goesOn) player.play();
      return result;
    },
  };
  return player;
}
