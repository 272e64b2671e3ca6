/** A part of a memory that belongs to one program, filled with zeros. */
export interface Region {
  readonly memory: WebAssembly.Memory;
  /** Its offset in the memory, in bytes: a multiple of 64 KiB. */
  readonly at: number;
  /** See `weightOf`. */
  readonly weight: ArrayBuffer | undefined;
}

/** Memories that programs share, so that each does not need one of its own. */
export interface Arenas {
  take(bytes: number): Region;
}

/**
 * V8 does not count the bytes of shared memory when it decides whether to collect garbage. So each
 * shared memory is referred to together with a buffer of as many bytes, which is never touched and
 * costs address space alone.
 */
const weightOf = (bytes: number, shared: boolean): ArrayBuffer | undefined =>
  shared ? new ArrayBuffer(bytes) : undefined;

const page = 65536;
/** Bytes of an arena. The unused part costs address space alone. */
const arenaBytes = 64 * 2 ** 20;

function allocate(bytes: number, shared: boolean): Region {
  const pages = bytes / page;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    return { memory, at: 0, weight: weightOf(bytes, shared) };
  } catch (cause) {
    const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    throw new Error(
      `compile: expected a memory of ${size} for the step, got none; ` +
        "let go of programs or use smaller batches",
      { cause },
    );
  }
}

/**
 * Arenas for the programs of one engine.
 *
 * JavaScript engines reserve some 10 GB of address space for each memory, however small it is, so
 * that they need not check addresses. Small programs therefore share memories of 64 MiB, one region
 * behind the other; a program that needs more than half of one has a memory of its own.
 *
 * Only the current arena is referred to here. A full one lives as long as one of its regions does.
 *
 * @param shared whether threads share the memories
 */
export function arenas(shared: boolean): Arenas {
  let current: Region | undefined;
  let used = 0;
  return {
    take(bytes) {
      const whole = Math.ceil(bytes / page) * page;
      if (whole > arenaBytes / 2) return allocate(whole, shared);
      if (!current || used + whole > arenaBytes) {
        current = allocate(arenaBytes, shared);
        used = 0;
      }
      used += whole;
      return { ...current, at: used - whole };
    },
  };
}
