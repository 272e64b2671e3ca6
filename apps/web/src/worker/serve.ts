import type { Experiment } from "@tenon/experiments";
import { wasm } from "@tenon/wasm";
import { experimentOf } from "virtual:experiments";
import type { Answers, Question, Reply, Request, Subject } from "../protocol.js";
import type { ArmRun } from "./armRun.js";
import { digitFiles } from "./digits.js";
import { newPlayer, type Player } from "./player.js";
import type { Reader } from "./reader.js";
import { training, type Training } from "./training.js";
import { turns } from "./turn.js";

/** What a worker's global object is used for. */
export interface Port {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(reply: Reply): void;
  /** The address of the page. */
  readonly name: string;
  readonly crossOriginIsolated: boolean;
}

/** How many runs are remembered: a slider that goes back finds its curves again. */
const remembered = 60;

const experimentFor = async (subject: Subject): Promise<Experiment> =>
  subject.tip === "sandbox"
    ? (await import("./sandbox.js")).sandbox(subject)
    : experimentOf[subject.tip]!();

/** Answers a page: trains what it shows, one subject at a time. */
export function serve(port: Port): void {
  const reply = (message: Reply): void => port.postMessage(message);
  const fail = (error: unknown): void =>
    reply({ type: "failure", reason: (error as Error).message ?? String(error) });
  const turn = turns();
  const player = newPlayer({ post: (frame) => reply({ type: "frame", frame }), fail, turn });
  const digits = digitFiles(port.name);
  const engine = wasm();
  void engine.then(
    ({ threads }) =>
      reply({ type: "engine", threads, isIsolated: port.crossOriginIsolated === true }),
    fail,
  );
  const show = shower(player, async (subject) => ({
    of: await experimentFor(subject),
    digits: await (subject.size === "full" ? digits.all() : digits.first()),
    engine: await engine,
  }));

  let reader: Promise<Reader> | undefined;
  const newestReader = async (): Promise<Reader> => {
    const { newReader } = await import("./reader.js");
    const latest = (): Training | undefined => player.training;
    return newReader({ digits: digits.first, engine: await engine, turn, latest });
  };

  async function answer(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.about) {
      case "reading":
        return (await (reader ??= newestReader())).read(question.pixels);
      case "insight": {
        const { insightOf } = await import("./insight.js");
        return insightOf(player.training!, question.arm, await digits.first(), await engine);
      }
      case "file": {
        const { fileOf } = await import("./files.js");
        return player.between((training) => fileOf(training, question));
      }
      case "resume": {
        const { runIn } = await import("./files.js");
        const { step } = await player.between((training) =>
          training.resume(question.arm, runIn(question.bytes)),
        );
        return { step };
      }
    }
  }

  const handle = (message: Request): void => {
    switch (message.type) {
      case "show":
        return void show(message.subject, message.play).catch(fail);
      case "play":
        return player.play();
      case "pause":
        return player.pause();
      case "step":
        player.pause();
        return void player.between((training) => training.stepAll()).catch(fail);
      case "speed":
        return player.setSpeed(message.speed);
      case "reset":
        return void show(undefined, message.play).catch(fail);
      case "repeat":
        player.training?.repeat(message.seeds);
        return player.play();
      case "ask":
        answer(message.question).then(
          (result) => reply({ type: "answer", id: message.id, answer: result }),
          (error: Error) => reply({ type: "refusal", id: message.id, reason: error.message }),
        );
    }
  };
  port.onmessage = ({ data }) => handle(data);
}

type Loaded = Omit<Parameters<typeof training>[0], "subject" | "known">;

/**
 * Shows a subject, or the last one from its beginning. Runs that a subject shares with the one
 * before go on; of others those that have ended are remembered.
 */
function shower(
  player: Player,
  load: (subject: Subject) => Promise<Loaded>,
): (subject: Subject | undefined, play: boolean) => Promise<void> {
  const known = new Map<string, ArmRun>();
  let shown = 0;
  let last: Subject | undefined;
  return async (subject, play) => {
    const mine = ++shown;
    if (!subject) known.clear();
    last = subject ?? last;
    if (!last) return;
    player.pause();
    const loaded = await load(last);
    if (mine !== shown) return; // another one has been asked for
    const next = training({ subject: last, ...loaded, known });
    const here = new Set(next.firsts());
    for (const [key, run] of known)
      if (!here.has(run) && (!run.finished || known.size > remembered)) known.delete(key);
    player.load(next, play);
  };
}
