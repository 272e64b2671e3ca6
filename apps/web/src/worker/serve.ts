import { experiments } from "@tenon/experiments";
import { wasm } from "@tenon/wasm";
import type { Answers, Question, Reply, Request, Speed, Subject } from "../protocol.js";
import type { ArmRun } from "./armRun.js";
import { digitFiles } from "./digits.js";
import { fileOf, runIn } from "./files.js";
import { insight, reading } from "./insight.js";
import { reader, sandbox } from "./sandbox.js";
import { training, type Training } from "./training.js";
import { turns } from "./turn.js";

/** What a worker's global object is used for. */
interface Port {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(reply: Reply): void;
  readonly name: string;
  readonly crossOriginIsolated: boolean;
}

/** Milliseconds of training between two looks at the messages; frames are this far apart at least. */
const slice = 12;
const betweenFrames = 40;
/** Milliseconds from one step to the next at the slow speed. */
const slow = 120;
/** How many runs are remembered: a slider that goes back finds its curves again. */
const remembered = 60;

/** Answers a page: trains what it shows, one subject at a time. The worker's name is the page's URL. */
export function serve(port: Port): void {
  const digits = digitFiles(port.name);
  const engine = wasm();
  const turn = turns();
  const known = new Map<string, ArmRun>();
  let shown: Training | undefined;
  let latest: { readonly run: ArmRun; readonly tip: string } | undefined;
  let reads: Promise<ArmRun> | undefined;
  let isPlaying = false;
  let speed: Speed = "max";
  let frames = 0;
  let lastFrame = -Infinity;
  let cost = 0;
  let rate = { since: 0, steps: 0, perSecond: 0 };
  let generation = 0;

  const reply = (message: Reply): void => port.postMessage(message);
  void engine.then(
    ({ threads }) =>
      reply({ type: "engine", threads, isIsolated: port.crossOriginIsolated === true }),
    fail,
  );

  function fail(error: unknown): void {
    reply({ type: "failure", reason: (error as Error).message ?? String(error) });
  }

  function postFrame(): void {
    if (!shown) return;
    const began = performance.now();
    for (const run of shown.firsts())
      if (run.end?.params) latest = { run, tip: shown.subject.tip };
    const frame = { ...shown.frame(), isRunning: isPlaying, stepsPerSecond: rate.perSecond };
    reply({ type: "frame", frame, number: ++frames });
    lastFrame = performance.now();
    cost = lastFrame - began;
  }

  /** Trains until all has ended, something else is shown, or it is to pause. */
  async function drive(): Promise<void> {
    const mine = generation;
    const isMine = (): boolean => mine === generation && isPlaying;
    while (isMine() && shown) {
      const until = performance.now() + slice;
      let goesOn = true;
      if (speed === "slow") {
        await shown.stepAll();
        goesOn = shown.firsts().some((run) => !run.end) || (await shown.advance());
      } else
        do goesOn = await shown.advance();
        while (goesOn && isMine() && performance.now() < until);
      measureRate();
      if (!goesOn) isPlaying = false;
      if (!goesOn || performance.now() - lastFrame > Math.max(betweenFrames, 4 * cost)) postFrame();
      await turn();
      if (speed === "slow" && isMine()) await new Promise((go) => setTimeout(go, slow));
    }
  }

  function measureRate(): void {
    const now = performance.now();
    const steps = shown?.stepsDone ?? 0;
    if (now - rate.since < 500 && steps >= rate.steps) return;
    const perSecond = ((steps - rate.steps) * 1000) / (now - rate.since);
    rate = { since: now, steps, perSecond: Math.max(0, perSecond) };
  }

  function go(): void {
    generation += 1;
    isPlaying = true;
    rate = { since: performance.now(), steps: shown?.stepsDone ?? 0, perSecond: 0 };
    drive().catch(fail);
  }

  async function show(subject: Subject, play: boolean): Promise<void> {
    const mine = ++generation;
    isPlaying = false;
    const of =
      subject.tip === "sandbox"
        ? sandbox(subject)
        : experiments.find(({ id }) => id === subject.tip)!;
    const from = subject.size === "full" ? digits.all() : digits.first();
    const given = { digits: await from, engine: await engine };
    if (mine !== generation) return;
    shown = training({ subject, of, ...given, known });
    forget();
    postFrame();
    if (play) go();
  }

  /** Runs of other values are forgotten where they had not ended, and the oldest of the others. */
  function forget(): void {
    const here = new Set(shown?.firsts());
    for (const [key, run] of known)
      if (!here.has(run) && (!run.finished || known.size > remembered)) known.delete(key);
  }

  /** The network that was trained last, or one that is trained now. */
  async function readerOf(): Promise<{ run: ArmRun; tip: string | undefined }> {
    if (latest) return latest;
    reads ??= trainedReader();
    return { run: await reads, tip: undefined };
  }

  async function trainedReader(): Promise<ArmRun> {
    const subject: Subject = {
      ...{ tip: "sandbox", values: {}, arms: { reader }, size: "quick", seed: 1 },
    };
    const of = sandbox(subject);
    const own = training({
      ...{ subject, of, digits: await digits.first(), engine: await engine, known: new Map() },
    });
    while (await own.advance()) await turn();
    return own.firsts()[0]!;
  }

  async function answer(question: Question): Promise<Answers[keyof Answers]> {
    const of = await engine;
    switch (question.about) {
      case "reading": {
        const { run, tip } = await readerOf();
        try {
          return reading(run, question.pixels, of, tip);
        } catch {
          // An arm whose network takes something else than images.
          latest = undefined;
          const own = await readerOf();
          return reading(own.run, question.pixels, of, own.tip);
        }
      }
      case "insight": {
        const run = shown?.firsts().find(({ arm, end }) => arm === question.arm && end);
        if (!run) throw new Error(`${question.arm} has not been trained`);
        const { x, y } = (await digits.first()).validation(2000).source;
        const images = new Uint8Array((x.data as Uint8Array).subarray(0, 2000 * 784));
        return insight(run, { images, labels: Array.from(y.data).slice(0, 2000) }, of);
      }
      case "file":
        return paused((training) => fileOf(training, question));
      case "resume":
        return paused(async (training) => {
          const { step } = await training.resume(question.arm, runIn(question.bytes));
          return { step };
        });
    }
  }

  /** Something that changes a run is done between two steps. */
  async function paused<T>(work: (training: Training) => Promise<T>): Promise<T> {
    const goesOn = isPlaying;
    generation += 1;
    isPlaying = false;
    await turn();
    const result = await work(shown!);
    postFrame();
    if (goesOn) go();
    return result;
  }

  const handle = (message: Request): void => {
    switch (message.type) {
      case "show":
        return void show(message.subject, message.play).catch(fail);
      case "play":
        return shown && !isPlaying ? go() : undefined;
      case "pause":
        isPlaying = false;
        return postFrame();
      case "step":
        isPlaying = false;
        return void paused((training) => training.stepAll()).catch(fail);
      case "speed":
        speed = message.speed;
        return;
      case "reset":
        if (!shown) return;
        for (const [key, run] of known) if (shown.firsts().includes(run)) known.delete(key);
        return void show(shown.subject, false).catch(fail);
      case "repeat":
        shown?.repeat(message.seeds);
        return shown ? go() : undefined;
      case "ask":
        answer(message.question).then(
          (result) => reply({ type: "answer", id: message.id, answer: result }),
          (error: Error) => reply({ type: "refusal", id: message.id, reason: error.message }),
        );
    }
  };
  port.onmessage = ({ data }) => handle(data);
}
