import type { HostMemory } from "@tenon/plan";
import { elementsFed } from "@tenon/tensor";
import type { Machine } from "./device.js";
import { flagWords, setFlags } from "./feeding.js";
import type { GpuBuffer } from "./gpu.js";
import type { Hardware } from "./hardware.js";
import type { Region } from "./layout.js";
import { feedOf, type FedInput } from "./uploads.js";

/** Bytes for a place in the memory, or in a slot. */
export interface Written {
  readonly at: number;
  readonly data: ArrayBuffer;
  /** Where they begin in the data. */
  readonly begin: number;
  readonly bytes: number;
}

/**
 * What a step was fed: bytes of a slot, palettes that are not in the memory yet, and the data set
 * whose rows it takes.
 */
export interface Fed extends Written {
  readonly resident: GpuBuffer | undefined;
  readonly palettes: readonly { readonly at: number; readonly words: Float32Array }[];
}

/** The caller's copy of the memory, through which all of its reads and writes go. */
export interface Mirror {
  /** Where the caller's side of a plan reads and writes. */
  readonly memory: HostMemory;
  /** What is to be written to the device: a region as it is, or a copy that may wait. */
  region(region: Region, waits: boolean): Written;
  write(written: Written): void;
  /**
   * What a step was fed last, as it is, or a copy that may wait.
   *
   * @param waits whether a step waits, by whether it must wait for all steps before
   */
  fed(waits: (isAfterAll: boolean) => boolean): Fed;
  /** Whether steps before are fed with what this replaces: palettes, or the data set. */
  changesOthers(fed: Fed): boolean;
  /** Writes it to a slot. */
  writeFed(fed: Fed, slot: number): void;
  /** Where the word is that says at which of its places the state is, where it has two. */
  readonly hereAt: number | undefined;
  /** Where the state is on the device. @param here what that word says, if there is one */
  stateAt(here: number): readonly Region[];
  /** Takes the state from what was read there. */
  takeState(data: ArrayBuffer): void;
  /** Takes the outputs from an answer; gives where they end in it. */
  takeOutputs(data: ArrayBuffer): number;
}

export function mirrorOf(machine: Machine, hardware: Hardware): Mirror {
  const { device, residents } = machine;
  const { layout, memory } = hardware;
  const { slots, large, offsets, small, outputs } = layout;
  const mirror = new ArrayBuffer(layout.mirrored);
  const slot = new ArrayBuffer(slots.bytes);
  const smallBytes = new Uint8Array(mirror, small.begin, small.end - small.begin);
  const smallOfSlot = new Uint8Array(slot, slots.smallAt, smallBytes.length);
  const flags = new Uint32Array(slot, slots.flagsAt, flagWords(large.length));
  const fed: (FedInput | undefined)[] = [];
  /** Palettes that are not written yet: a step that is refused leaves those of its inputs. */
  const unwritten: (Float32Array | undefined)[] = [];
  /** The data set whose rows steps take. */
  let kept: GpuBuffer | undefined;

  const { state, alternation } = layout;
  const take = ({ begin, end }: Region, data: ArrayBuffer, at: number): void =>
    new Uint8Array(mirror, begin, end - begin).set(new Uint8Array(data, at, end - begin));
  const write = ({ at, data, begin, bytes }: Written): void => {
    if (bytes > 0) device.queue.writeBuffer(memory, at, data, begin, bytes);
  };
  const changesOthers = ({ resident, palettes }: Pick<Fed, "resident" | "palettes">): boolean =>
    palettes.length > 0 || (resident !== undefined && resident !== kept);
  return {
    memory: {
      array(buffer, dtype, length) {
        const ArrayType = dtype === "int32" ? Int32Array : Float32Array;
        return new ArrayType(mirror, offsets.get(buffer)!, length);
      },
      input(place, array) {
        const index = large.findIndex(
          ({ offset, elements }) => offset === array.byteOffset && elements === array.length,
        );
        if (index < 0) return (given) => array.set(elementsFed(place, given));
        const put = feedOf(place, large[index]!, slot, residents);
        return (given) => {
          const input = put(given);
          fed[index] = input;
          if (input.palette) unwritten[index] = input.palette;
        };
      },
    },
    region: ({ begin, end }, waits) => part(begin, mirror, begin, end, waits),
    write,
    fed(waits) {
      smallOfSlot.set(smallBytes);
      const resident = fed[0]?.resident;
      const encoded = Array.from(fed, (input) => input?.isEncoded);
      setFlags(flags, resident !== undefined, encoded);
      const palettes = unwritten.flatMap((words, i) =>
        words ? [{ at: large[i]!.paletteAt, words }] : [],
      );
      unwritten.length = 0;
      const begin = encoded.includes(true) ? 0 : slots.flagsAt;
      const hasValues = fed.some((input) => input && !input.isEncoded && !input.resident);
      const end = hasValues ? slots.bytes : slots.valuesAt;
      const isCopied = waits(changesOthers({ resident, palettes }));
      return { resident, palettes, ...part(begin, slot, begin, end, isCopied) };
    },
    changesOthers,
    writeFed({ resident, palettes, at, data, begin, bytes }, slot) {
      if (resident !== undefined && resident !== kept) {
        hardware.keep(resident);
        kept = resident;
      }
      for (const { at, words } of palettes) device.queue.writeBuffer(memory, at, words);
      write({ at: slots.begin + slot * slots.bytes + at, data, begin, bytes });
    },
    hereAt: alternation?.hereAt,
    stateAt(here) {
      if (!alternation) return [state];
      const { begin, end } = alternation.first;
      return [
        { begin: state.begin, end: begin },
        { begin: begin + 4 * here, end: end + 4 * here },
      ];
    },
    takeState(data) {
      take(state, data, 0);
      // When it is loaded, it is at the first place.
      if (alternation) new Uint32Array(mirror, alternation.hereAt, 1)[0] = 0;
    },
    takeOutputs(data) {
      let at = 0;
      for (const region of outputs) {
        take(region, data, at);
        at += region.end - region.begin;
      }
      return at;
    },
  };
}

const part = (
  at: number,
  data: ArrayBuffer,
  begin: number,
  end: number,
  isCopied: boolean,
): Written =>
  isCopied
    ? { at, data: data.slice(begin, end), begin: 0, bytes: end - begin }
    : { at, data, begin, bytes: end - begin };
