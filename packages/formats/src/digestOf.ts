import type { Batch, Elements } from "@tenon/contracts";
import { badArgument, breather, shown } from "@tenon/guards";

/**
 * 64 bits, as hexadecimal, of the values of all examples, targets and weights of some batches, in
 * order, and of their shapes: the same labels are the same as bytes, as int32 and as floats. A
 * place for checkpoints has it as its `digest`, so that they say which data a run was with.
 *
 * Two lanes of MurmurHash3 with constants of their own. They detect data that differ by accident;
 * they do not protect against deliberate forgery. MNIST takes some 50 ms; the event loop gets turns
 * meanwhile.
 *
 * @throws RangeError unless the batches can be iterated over
 */
export async function digestOf(batches: Iterable<Batch>): Promise<string> {
  if (typeof (batches as Partial<Iterable<Batch>> | null)?.[Symbol.iterator] !== "function")
    throw badArgument("digestOf", "an iterable of batches { x, y }", shown(batches));
  const lanes = new Uint32Array([0x9747b28c, 0x3c6ef372]);
  const breathe = breather();
  for (const { x, y, weights } of batches) {
    const header = JSON.stringify([x.shape, y.shape]);
    mix(
      lanes,
      Uint16Array.from(header, (letter) => letter.charCodeAt(0)),
    );
    for (const array of [x, y, ...(weights ? [weights] : [])]) mix(lanes, narrowest(array.data));
    await breathe();
  }
  return Array.from(lanes, (lane) => finished(lane).toString(16).padStart(8, "0")).join("");
}

/**
 * The same values in the narrowest kind of array that holds them all, −0 and NaN among them: bytes,
 * int32, float32 or float64. That depends on the values alone, and bytes need no check.
 */
function narrowest(data: Elements): Elements {
  const kind = data[Symbol.toStringTag];
  if (kind === "Uint8Array") return data;
  let bits = 0; // beyond a byte
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    const integer = value | 0;
    if (integer !== value || (value === 0 && 1 / value < 0))
      return kind === "Float64Array" ? floats(data) : data;
    bits |= integer & -256;
  }
  return bits === 0 ? Uint8Array.from(data) : kind === "Int32Array" ? data : Int32Array.from(data);
}

/** As float32, where that holds them. */
function floats(data: Elements): Elements {
  const narrow = new Float32Array(data);
  for (let i = 0; i < data.length; i++)
    if (narrow[i] !== data[i] && data[i] === data[i]) return data;
  return narrow;
}

/** Hashes an array into both lanes, 32 bits at a time, with its size and its kind. */
function mix(lanes: Uint32Array, block: Elements | Uint16Array): void {
  const { buffer, byteOffset, byteLength } = block;
  const whole = byteLength >> 2;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const aligned = byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, whole);
  let [a, b] = lanes as unknown as [number, number];
  // What is left of the bytes, how many there are, and B, I, F or U of the kind's name.
  const rest = [...bytes.subarray(4 * whole), byteLength, block[Symbol.toStringTag].charCodeAt(0)];
  for (let i = 0; i < whole + rest.length; i++) {
    const word = i < whole ? words[i] : rest[i - whole];
    a ^= Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    a = (Math.imul(rotated(a, 13), 5) + 0xe6546b64) | 0;
    b ^= Math.imul(rotated(Math.imul(word, 0x239b961b), 16), 0xab0e9789);
    b = (Math.imul(rotated(b, 17), 5) + 0x561ccd1b) | 0;
  }
  lanes.set([a, b]);
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** MurmurHash3's finalizer: each bit of the lane changes half of the result's. */
function finished(lane: number): number {
  let h = lane ^ (lane >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
