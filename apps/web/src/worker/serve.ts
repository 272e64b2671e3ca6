import type { Engine } from "@tenon/contracts";
import { digitsOf, smallEngine, type Experiment } from "@tenon/experiments";
import type { Tensor } from "@tenon/tensor";
import type { Gpu } from "@tenon/webgpu";
import { experimentOf } from "virtual:experiments";
import type { Answers, EngineUse, Question, Reply, Request, Subject } from "../protocol.js";
import type { ArmRun } from "./armRun.js";
import { consultations } from "./consultation.js";
import type { DigitFiles, Parts } from "./digits.js";
import { once } from "./once.js";
import { newPlayer, type Player } from "./player.js";
import type { Reader } from "./reader.js";
import { training, type Training } from "./training.js";
import { turns } from "./turn.js";

/** What a worker's global object is used for. */
export interface Port {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(reply: Reply): void;
  /** The address of the page, with the fragment with which it was opened. */
  readonly name: string;
  readonly crossOriginIsolated: boolean;
  readonly navigator: { readonly gpu?: Gpu };
}

/** How many runs are remembered: a slider that goes back finds its curves again. */
const remembered = 60;

/** The engine that also runs convolutions. Both give the same bits. */
const wholeEngine = async () => (await import("./imageEngine.js")).imageEngine();

/** What chooses between the engines, where there is a GPU. */
const gpuChooser = async (gpu?: Gpu) => {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  return adapter && (await import("./engineChoice.js")).browserChooser(adapter);
};

const experimentFor = async (subject: Subject): Promise<Experiment> =>
  subject.tip === "sandbox"
    ? (await import("./sandbox.js")).sandbox(subject)
    : experimentOf[subject.tip]!();

/** Answers a page: trains what it shows, one subject at a time. */
export function serve(port: Port, files: DigitFiles): void {
  const reply = (message: Reply): void => port.postMessage(message);
  const fail = (error: unknown): void =>
    reply({ type: "failure", reason: (error as Error).message ?? String(error) });
  const turn = turns();
  const player = newPlayer({ post: (frame) => reply({ type: "frame", frame }), fail, turn });
  const made = ({ train, test }: Parts) => digitsOf(train, test);
  const digits = {
    first: once(() => files.first().then(made)),
    all: once(() => files.all().then(made)),
  };
  const doctor = consultations(port.name, () => player.show());
  const engine = smallEngine();
  const say = ({ threads }: Engine<Tensor>, use?: EngineUse): void =>
    reply({ type: "engine", threads, isIsolated: port.crossOriginIsolated === true, use });
  void engine.then(say, fail);
  const chooser = gpuChooser(port.navigator.gpu).catch(() => undefined);
  const show = shower({ player, turn }, async (subject) => {
    const of = await experimentFor(subject);
    const given = {
      digits: await (subject.size === "full" ? digits.all() : digits.first()),
      engine: await (of.hasConvolutions ? wholeEngine() : engine),
    };
    const chosen = await (await chooser)?.forArms(of, subject, given);
    if (chosen) say(given.engine, chosen.use);
    return { of, ...given, doctor, engineOf: chosen?.engineOf };
  });

  let reader: Promise<Reader> | undefined;
  const newestReader = async (): Promise<Reader> => {
    const { newReader } = await import("./reader.js");
    const latest = (): Training | undefined => player.training;
    const engine = await wholeEngine();
    return newReader({ digits: digits.first, engine, doctor, turn, latest });
  };

  async function answer(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.about) {
      case "reading":
        return (await (reader ??= newestReader())).read(question.pixels);
      case "insight": {
        const { insightOf } = await import("./insight.js");
        return insightOf(player.training!, question.arm, await digits.first(), await wholeEngine());
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
        return void show(message).catch(fail);
      case "drawn":
        return player.goOn();
      case "play":
        return player.play();
      case "pause":
        return player.pause();
      case "step":
        player.pause();
        return void player.between((training) => training.stepAll()).catch(fail);
      case "speed":
        return player.setSpeed(message.speed);
      case "engine":
        return void chooser.then((chooser) => chooser?.choose(message.choice));
      case "reset":
        return void show(message).catch(fail);
      case "speak":
        return void doctor.speak(message.language).catch(fail);
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

type Loaded = Omit<Parameters<typeof training>[0], "run" | "subject" | "known">;

/**
 * Shows a subject, or the last one from its beginning. Runs that a subject shares with the one
 * before go on; of others those that have ended are remembered.
 */
function shower(
  { player, turn }: { readonly player: Player; readonly turn: () => Promise<void> },
  load: (subject: Subject) => Promise<Loaded>,
): (request: Extract<Request, { type: "show" | "reset" }>) => Promise<void> {
  const known = new Map<string, ArmRun>();
  let newest = 0;
  let last: Subject | undefined;
  return async (request) => {
    const { run, play } = request;
    newest = run;
    if (request.type === "show") last = request.subject;
    else known.clear();
    if (!last) return;
    player.stop();
    const loaded = await load(last);
    await turn(); // of the values that a slider passes, only the last one is trained
    if (run !== newest) return; // another one has been asked for
    const next = training({ run, subject: last, ...loaded, known });
    const here = new Set(next.firsts());
    for (const [key, run] of known)
      if (!here.has(run) && (!run.finished || known.size > remembered)) known.delete(key);
    player.load(next, play);
  };
}
