import { answersOf, type Source, type Waiting } from "./answers.js";
import type { GpuDevice } from "./gpu.js";
import { encode, type Hardware, type Pipelines } from "./hardware.js";
import { portionsOf } from "./portions.js";
import { accepted, watch } from "./refusals.js";

/** A device takes about as long for a submission as for these many steps of a small network. */
const mostTogether = 8;

/** How the inputs of a step come to its slot. */
export interface Feeding {
  /** Whether it changes what the steps before are fed with: they must be submitted then. */
  changesOthers(): boolean;
  write(slot: number): void;
}

/** Steps, and other work between them, in the order in which they are asked for. */
export interface Submissions {
  /**
   * Whether a step would wait for its slot, or for the steps before: what it is fed must be a copy.
   *
   * @param isAfterAll whether it must wait until all steps before are submitted
   */
  waits(isAfterAll: boolean): boolean;
  /** Adds a step, when it has a slot. */
  step(feeding: Feeding, waiting: Waiting): void;
  /**
   * Does work between steps: when all steps before are submitted.
   *
   * @param work is given the slot of the next step
   */
  between<T>(work: (slot: number) => Promise<T>): Promise<T>;
  /**
   * The same for work that first needs an answer of the device: what is asked for later waits until
   * the answer has come and the work was begun.
   */
  asking<A, T>(ask: () => Promise<A>, work: (answer: A) => Promise<T>): Promise<T>;
}

/** Work that waits for its turn. */
interface Later {
  isAfterAll(): boolean;
  work(): void;
  refuse(cause: unknown): void;
}

/**
 * Submits steps at once while the device has little to do, otherwise some together: that takes less
 * time on the caller's side.
 *
 * @param portion milliseconds of work that the device gets at a time: steps are cut where they take
 *   longer
 */
export function submissionsOf(
  device: GpuDevice,
  hardware: Hardware,
  { feed, dispatches, answer }: Pipelines,
  portion: number,
): Submissions {
  const { layout, memory } = hardware;
  const { count } = layout.slots;
  const { begin, bytes } = layout.answers;
  const calls = [feed, ...dispatches, answer];
  const portions = portion === Infinity ? undefined : portionsOf(portion);
  // With one submission on its way the device is busy: further steps wait for each other.
  const enough = portions?.mostOnTheirWay ?? 1;
  const together = Math.min(mostTogether, count);
  const waiting: Waiting[] = [];
  /** Dispatches of the first step that waits which were submitted. */
  let dispatched = 0;
  /** Steps that were submitted to their end. */
  let submitted = 0;
  let onTheirWay = 0;
  /**
   * Rejects once the device has refused commands: steps behind them would take the slots and the
   * answers of others.
   */
  let done: Promise<unknown> = Promise.resolve();
  /** What waits until steps before are submitted, in order. */
  const later: Later[] = [];
  /** Whether nothing may be submitted until an answer has come. */
  let isAsking = false;
  const isHeld = (isAfterAll: boolean): boolean => waiting.length >= (isAfterAll ? 1 : count);

  const submit = (most = Infinity): void => {
    if (waiting.length === 0) return;
    const refusal = watch(device);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    hardware.bind(pass);
    let steps = 0;
    let encoded = 0;
    while (steps < waiting.length && encoded < most) {
      encode(pass, calls[dispatched]!);
      encoded++;
      if (++dispatched < calls.length) continue;
      dispatched = 0;
      steps++;
    }
    pass.end();
    if (steps > 0) {
      const first = submitted % count;
      const untilWrap = Math.min(steps, count - first);
      const source = (slot: number, steps: number): Source[] =>
        steps === 0 ? [] : [{ buffer: memory, offset: begin + slot * bytes, bytes: steps * bytes }];
      const sources = [...source(first, untilWrap), ...source(0, steps - untilWrap)];
      submitted += steps;
      answers.add(encoder, sources, waiting.splice(0, steps));
    }
    onTheirWay++;
    device.queue.submit([encoder.finish()]);
    done = Promise.all([done, accepted(refusal())]);
    done.catch(() => {});
    answers.submitted(done);
    if (!portions) return;
    const end = portions.submitted(encoded);
    const goOn = (): void => {
      end();
      ended(1);
    };
    device.queue.onSubmittedWorkDone().then(goOn, goOn);
  };
  const submitPortions = (): void => {
    while (onTheirWay < enough && waiting.length > 0) {
      submit(portions?.dispatches);
      admit();
    }
  };
  const ended = (submissions: number): void => {
    onTheirWay -= submissions;
    if (portions) submitPortions();
    else submit();
  };
  const answers = answersOf(device, bytes, count, portions ? () => {} : ended);
  /** Does what waits for its turn, as far as there are slots. Without portions it never waits. */
  const admit = (): void => {
    for (let first = later[0]; first && !isAsking; first = later[0]) {
      if (isHeld(first.isAfterAll())) {
        if (portions) return;
        submit();
      }
      later.shift();
      try {
        first.work();
      } catch (cause) {
        first.refuse(cause);
      }
    }
  };
  const add = (one: Later): void => {
    later.push(one);
    admit();
  };
  const nextSlot = (): number => (submitted + waiting.length) % count;
  const between: Submissions["between"] = (work) =>
    new Promise((resolve, refuse) =>
      add({
        isAfterAll: () => true,
        work: () => void Promise.all([work(nextSlot()), done]).then(([x]) => resolve(x), refuse),
        refuse,
      }),
    );
  return {
    waits: (isAfterAll) =>
      isAsking || (portions !== undefined && (later.length > 0 || isHeld(isAfterAll))),
    step({ changesOthers, write }, one) {
      const work = (): void => {
        write(nextSlot());
        waiting.push(one);
        if (!portions && waiting.length >= together) submit();
      };
      add({ isAfterAll: changesOthers, work, refuse: one.reject });
      submitPortions();
    },
    between,
    asking: (ask, work) =>
      between(async () => {
        isAsking = true;
        const begun = ask().then((answer) => ({ result: work(answer) }));
        const goOn = (): void => {
          isAsking = false;
          admit();
          submitPortions();
        };
        begun.then(goOn, goOn);
        return (await begun).result;
      }),
  };
}
