import type { Values } from "@tenon/experiments";
import { nearestValue } from "@tenon/experiments/controls";
import type { Language } from "@tenon/experiments/words";
import { connect, type Connection } from "./connection.js";
import { fragmentOf, placeOf, type Place } from "./fragment.js";
import { loadWords } from "./load.js";
import type { Frame, SandboxArm, Speed } from "./protocol.js";
import type { Tip } from "./tip.js";
import type { Spoken } from "./words.js";

/** The arms with which the sandbox begins. */
export const firstArms: readonly SandboxArm[] = ["sgd", "adam"].map((optimizer) => ({
  ...{ model: "mlp", optimizer, rate: optimizer === "sgd" ? 0.1 : 0.001, batchSize: 64 },
  ...{ dropout: 0, normalization: "none", activation: "relu" },
}));

export interface Engine {
  readonly threads: number;
  readonly isIsolated: boolean;
}

/** The page's state, and what changes it. */
export type Page = ReturnType<typeof newPage>;

/** The language of the reader's browser. */
export const browserLanguage = (): Language =>
  navigator.languages.find((name) => /^(en|ko)\b/.test(name))?.startsWith("ko") ? "ko" : "en";

/** Values of controls: what the address says, as far as the controls have such values. */
function valuesOf(tip: Tip | undefined, given: Values): Values {
  return Object.fromEntries(
    (tip?.controls ?? []).map((control) => {
      const value = given[control.id];
      const { id, start } = control;
      if (control.kind === "number")
        return [id, typeof value === "number" ? nearestValue(control, value) : start];
      return [id, control.choices.includes(String(value)) ? String(value) : start];
    }),
  );
}

export function newPage(tips: readonly Tip[], first: Spoken) {
  const screens = [...tips.map(({ id }) => id), "sandbox", "draw"];
  let place = $state.raw<Place>(placeOf(location.hash, screens));
  let spoken = $state.raw<Spoken>(first);
  let frame = $state.raw<Frame>();
  let engine = $state.raw<Engine>();
  let failure = $state.raw<string>();
  let isTable = $state(false);
  let speed = $state.raw<Speed>("max");
  let selected = $state.raw<string>();
  let visited = $state.raw<readonly string[]>([]);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const language = (): Language => place.language ?? browserLanguage();
  const tip = (): Tip | undefined => tips.find(({ id }) => id === place.screen);
  const values = (): Values => valuesOf(tip(), place.values);
  const arms = (): readonly SandboxArm[] => place.arms ?? firstArms;

  const connection: Connection = connect({
    engine: (reply) => (engine = reply),
    frame(next) {
      frame = next;
      if (next.isDone && !visited.includes(place.screen)) visited = [...visited, place.screen];
      if (!next.arms.some(({ arm }) => arm === selected)) selected = next.arms[0]?.arm;
    },
    failure: (reason) => (failure = reason),
  });

  async function speak(): Promise<void> {
    const wanted = language();
    if (spoken.language === wanted) return;
    const words = await loadWords(wanted);
    document.documentElement.lang = wanted;
    spoken = words;
  }

  function show(play: boolean): void {
    if (place.screen === "draw") return connection.send({ type: "pause" });
    const named = arms().map((arm, i) => [String.fromCharCode(65 + i), { ...arm }]);
    connection.send({
      type: "show",
      play,
      subject: {
        ...{ tip: place.screen, values: values(), size: place.size, seed: place.seed },
        ...(place.screen === "sandbox" && { arms: Object.fromEntries(named) }),
      },
    });
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
      show(place.screen === before.screen || !still);
    void speak();
  }

  addEventListener("hashchange", () => {
    const next = placeOf(location.hash, screens);
    if (fragmentOf(next) !== fragmentOf(place)) move(next);
  });
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
  void speak(); // the address may have changed while the words were loaded
  show(!still);

  return {
    ...{ move, connection, still, tips },
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
      else connection.send(frame?.isDone ? { type: "reset", play: true } : { type: "play" });
    },
    step: () => connection.send({ type: "step" }),
    reset: () => connection.send({ type: "reset", play: false }),
    repeat: (seeds: number) => connection.send({ type: "repeat", seeds }),
    /** A control's value; the address keeps those that differ from the start. */
    setValue(id: string, value: number | string) {
      const start = tip()?.controls.find((control) => control.id === id)?.start;
      const { [id]: _, ...others } = place.values;
      move({ values: value === start ? others : { ...others, [id]: value } });
    },
  };
}
