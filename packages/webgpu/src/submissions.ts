import { answersOf, type Source, type Waiting } from "./answers.js";
import type { GpuDevice } from "./gpu.js";
import { encode, type Hardware, type Pipelines } from "./hardware.js";
import { portionsOf } from "./portions.js";

/** A device takes about as long for a submission as for these many steps of a small network. */
const mostTogether = 8;

/** Steps that wait to be submitted together. */
export interface Submissions {
  /** The slot of the next step. Where all are taken, what waits is submitted. */
  freeSlot(): number;
  /** Adds a step whose inputs are in its slot. */
  step(waiting: Waiting): void;
  /** Submits what waits. */
  submit(): void;
}

/**
 * Submits steps at once while the device has little to do, otherwise some together: that takes less
 * time on the caller's side.
 *
 * @param portion milliseconds of work that the device gets at a time: steps are cut where they take longer
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

  const submit = (most = Infinity): void => {
    if (waiting.length === 0) return;
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
    answers.submitted();
    if (!portions) return;
    const end = portions.submitted(encoded);
    const goOn = (): void => {
      end();
      ended(1);
    };
    device.queue.onSubmittedWorkDone().then(goOn, goOn);
  };
  const submitPortions = (): void => {
    while (onTheirWay < enough && waiting.length > 0) submit(portions?.dispatches);
  };
  const ended = (submissions: number): void => {
    onTheirWay -= submissions;
    if (portions) submitPortions();
    else submit();
  };
  const answers = answersOf(device, bytes, count, portions ? () => {} : ended);
  return {
    freeSlot() {
      if (waiting.length >= count) submit();
      return (submitted + waiting.length) % count;
    },
    step(one) {
      waiting.push(one);
      if (!portions && waiting.length >= together) submit();
      else submitPortions();
    },
    submit,
  };
}
