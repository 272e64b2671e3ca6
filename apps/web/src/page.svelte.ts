import type { Values } from "@tenon/experiments";
import type { Language } from "@tenon/experiments/words";
import type { Connection } from "./connection.js";
import { fragmentOf, placeOf, type Place } from "./fragment.js";
import { browserLanguage } from "./language.js";
import { loadWords } from "./load.js";
import { keepForLater } from "./offline.js";
import type { EngineUse, Frame, SandboxArm, Speed } from "./protocol.js";
import { firstArms, screensOf, subjectOf, valuesOf } from "./subject.js";
import type { Tip } from "./tip.js";
import type { Spoken } from "./words.js";

export interface Engine {
  readonly threads: number;
  readonly isIsolated: boolean;
  readonly use?: EngineUse | undefined;
}

/** The page's state, and what changes it. */
export type Page = ReturnType<typeof newPage>;

/** What a page begins with. */
export interface Start {
  readonly tips: readonly Tip[];
  readonly words: Spoken;
  readonly connection: Connection;
  /** What is trained already. */
  readonly place: Place;
  /** Whether the reader wants nothing to move by itself. */
  readonly isStill: boolean;
}

export function newPage({ tips, words: first, connection, place: start, isStill }: Start) {
  const screens = screensOf(tips);
  let place = $state.raw<Place>(start);
  let spoken = $state.raw<Spoken>(first);
  let frame = $state.raw<Frame>();
  let engine = $state.raw<Engine>();
  let failure = $state.raw<string>();
  let isTable = $state(false);
  let speed = $state.raw<Speed>("max");
  let selected = $state.raw<string>();
  let visited = $state.raw<readonly string[]>([]);

  const language = (): Language => place.language ?? browserLanguage();
  const tip = (): Tip | undefined => tips.find(({ id }) => id === place.screen);
  const values = (): Values => valuesOf(tip(), place.values);
  const arms = (): readonly SandboxArm[] => place.arms ?? firstArms;

  let isKept = false;
  /** Keeps the page for visits without a network, once there is nothing else to load. */
  function keep(): void {
    if (!isKept) keepForLater(language());
    isKept = true;
  }
  setTimeout(keep, 15_000);
  connection.listen({
    engine: (reply) => (engine = reply),
    frame(next) {
      if (next.run !== frame?.run) failure = undefined;
      frame = next;
      if (next.isDone && !visited.includes(place.screen)) visited = [...visited, place.screen];
      if (next.isDone) keep();
      if (!next.arms.some(({ arm }) => arm === selected)) selected = next.arms[0]?.arm;
    },
    failure: (reason) => (failure = reason),
  });

  async function speak(): Promise<void> {
    const wanted = language();
    if (spoken.language === wanted) return;
    const words = await loadWords(wanted);
    if (language() !== wanted) return;
    document.documentElement.lang = wanted;
    spoken = words;
    connection.send({ type: "speak", language: wanted });
    if (isKept) keepForLater(wanted);
  }

  function show(play: boolean): void {
    const subject = subjectOf(place, tips);
    if (subject) connection.show(subject, play);
    else connection.send({ type: "pause" });
  }

  /** Moves to another place; what is trained follows it. */
  function move(change: Partial<Place>, isNew = false): void {
    const before = place;
    place = { ...place, ...change };
    const address = fragmentOf(place);
    if (isNew) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    if (before.screen !== place.screen) frame = undefined;
    const trained = ["screen", "values", "seed", "size", "arms"] as const;
    if (trained.some((name) => before[name] !== place[name]))
      show(place.screen === before.screen || !isStill);
    void speak();
  }

  const follow = (): void => {
    const next = placeOf(location.hash, screens);
    if (fragmentOf(next) !== fragmentOf(place)) move(next);
  };
  addEventListener("hashchange", follow);
  addEventListener("popstate", () => move(placeOf(location.hash, screens)));
  // A page that is hidden does not train.
  let wasRunning = false;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      wasRunning = frame?.isRunning ?? false;
      if (wasRunning) connection.send({ type: "pause" });
    } else if (wasRunning) connection.send({ type: "play" });
  });
  document.documentElement.lang = first.language;
  follow(); // the address may have changed while the words were loaded
  void speak();

  return {
    ...{ move, connection, tips },
    get place() {
      return place;
    },
    get tip() {
      return tip();
    },
    get values() {
      return values();
    },
    get arms() {
      return arms();
    },
    get spoken() {
      return spoken;
    },
    get frame() {
      return frame;
    },
    get engine() {
      return engine;
    },
    get failure() {
      return failure;
    },
    get visited() {
      return visited;
    },
    get isTable() {
      return isTable;
    },
    set isTable(value: boolean) {
      isTable = value;
    },
    get selected() {
      return selected;
    },
    set selected(arm: string | undefined) {
      selected = arm;
    },
    get speed() {
      return speed;
    },
    set speed(value: Speed) {
      speed = value;
      connection.send({ type: "speed", speed });
    },
    /** Pauses or goes on; begins anew where all has been trained. */
    play() {
      if (frame?.isRunning) connection.send({ type: "pause" });
      else if (frame?.isDone) connection.reset(true);
      else connection.send({ type: "play" });
    },
    step: () => connection.send({ type: "step" }),
    reset: () => connection.reset(false),
    repeat: (seeds: number) => connection.send({ type: "repeat", seeds }),
    /** A control's value; the address keeps those that differ from the start. */
    setValue(id: string, value: number | string) {
      const start = tip()?.controls.find((control) => control.id === id)?.start;
      const { [id]: _, ...others } = place.values;
      move({ values: value === start ? others : { ...others, [id]: value } });
    },
  };
}
