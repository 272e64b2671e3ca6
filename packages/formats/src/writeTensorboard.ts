import type { Bytes } from "@tenon/contracts";
import { badArgument, flag, isFiniteNumber, known, shown } from "@tenon/guards";
import { crc32c } from "@tenon/inflate";
import {
  bytesField,
  doubleField,
  floatField,
  integerField,
  textField,
} from "./internal/protobuf.js";

/** The values of one step, by name: names with a slash are charts of one group. */
export interface TensorboardStep {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  /** When it was, in seconds since 1970. @defaultValue 0, for charts over steps alone */
  readonly time?: number;
}

export interface WriteTensorboardOptions {
  /**
   * Whether the file begins with these steps; false for those that are appended to it.
   * @defaultValue true
   */
  readonly begins?: boolean;
}

/**
 * Writes values of steps as the bytes of an event file, which TensorBoard draws: in a file whose
 * name contains `tfevents`, such as `runs/first/events.out.tfevents.1`. Of a run's history:
 * `writeTensorboard(history.map(({ step, train }) => ({ step, values: train })))`.
 *
 * PyTorch: `SummaryWriter.add_scalar`; Keras: `callbacks.TensorBoard`. Throws unless there are
 * steps, whole numbers ≥ 0, and values are numbers.
 *
 * Format: records of length, its checksum, an Event and its checksum,
 * https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
 */
export function writeTensorboard(
  steps: readonly TensorboardStep[],
  options: WriteTensorboardOptions = {},
): Bytes {
  const { begins = true } = known("writeTensorboard", options, "begins");
  flag("writeTensorboard", "begins", begins);
  if (!Array.isArray(steps) || steps.length === 0 || !Array.from(steps).every(isStep))
    throw badArgument(
      "writeTensorboard",
      "steps as a list of { step, values, time }",
      shown(steps),
    );
  const all = (steps as readonly TensorboardStep[]).map((step) =>
    known("writeTensorboard", step, "step values time"),
  );
  const version = [...doubleField(1, all[0].time ?? 0), ...textField(3, "brain.Event:2")];
  return Uint8Array.from([...(begins ? [version] : []), ...all.map(eventOf)].flatMap(recordOf));
}

/** An Event: the time, the step and a Summary of values. */
function eventOf({ step, values, time = 0 }: TensorboardStep): number[] {
  const summary = Object.entries(values).flatMap(([name, value]) =>
    bytesField(1, [...textField(1, name), ...floatField(2, value)]),
  );
  return [...doubleField(1, time), ...integerField(2, step), ...bytesField(5, summary)];
}

function recordOf(event: readonly number[]): number[] {
  const length = littleEndian(8, (view) => view.setUint32(0, event.length, true));
  return [...length, ...checksum(length), ...event, ...checksum(event)];
}

/** Rotated and with a constant, since a checksum of data with its own checksum says little. */
function checksum(bytes: readonly number[]): number[] {
  const sum = crc32c(Uint8Array.from(bytes));
  const masked = ((sum >>> 15) | (sum << 17)) + 0xa282ead8;
  return littleEndian(4, (view) => view.setUint32(0, masked, true));
}

function littleEndian(size: number, write: (view: DataView) => void): number[] {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return [...bytes];
}

function isStep(given: unknown): given is TensorboardStep {
  const { step, values, time = 0 } = (given ?? {}) as Partial<TensorboardStep>;
  return (
    Number.isSafeInteger(step) &&
    step! >= 0 &&
    isFiniteNumber(time) &&
    typeof values === "object" &&
    values !== null &&
    Object.values(values).every((value) => typeof value === "number")
  );
}
