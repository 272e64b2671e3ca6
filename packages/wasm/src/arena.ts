/** A part of a memory that one program has for itself. */
export interface Region {
  /** The number of the region, its own in its arenas: 1 or more. */
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  /** Where it begins, in bytes: a multiple of 64 KiB. */
  readonly at: number;
  readonly bytes: number;
  /** See `weightOf`. */
  readonly weight: ArrayBuffer | undefined;
  /**
   * Counts a use. A function that reads or writes the region calls it each time: so the region is
   * not collected, and not given to another program, while that function can still be called.
   */
  use(): void;
}

/** Memories that programs share, so that each does not need one of its own. */
export interface Arenas {
  /** A region filled with zeros. It is free again when it has been collected. */
  take(bytes: number): Region;
}

/** How regions are made, and when one may be used again. */
export interface ArenaOptions {
  readonly shared: boolean;
  /** Called with the number of a region that was collected; gives whether it is at rest. */
  readonly forget: (id: number) => () => boolean;
}

interface Taken {
  readonly id: number;
  readonly at: number;
  readonly bytes: number;
}

/**
 * V8 does not count the bytes of shared memory when it decides whether to collect. So a buffer of
 * as many bytes, which is never touched, goes with each shared memory: it costs address space
 * alone.
 */
const weightOf = (bytes: number, shared: boolean): ArrayBuffer | undefined =>
  shared ? new ArrayBuffer(bytes) : undefined;

/** A memory from which regions are taken, and those that are. */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly weight: ArrayBuffer | undefined;
  /** In the order in which they lie. */
  readonly taken: Taken[];
  /** Up to here it has been taken before: from here on it is zeros. */
  used: number;
}

const page = 65536;
/** Bytes of an arena. What is not used of it costs address space alone. */
const common = 64 * 2 ** 20;

/**
 * Arenas for the programs of one engine.
 *
 * An engine reserves some 10 GB of address space for each memory, however small it is, so that it
 * need not check addresses. Small programs therefore share memories of 64 MiB; a program that needs
 * more than half of one has a memory of its own.
 *
 * Only the arena from which regions are taken at the time is held here. One that is full lives as
 * long as a region of it does: so the collector frees it even where it has no turn to say which
 * regions it collected, as in a loop that never waits.
 */
export function arenas({ shared, forget }: ArenaOptions): Arenas {
  let current: Arena | undefined;
  let last = 0;
  /** Regions of the current arena that were collected, and whether helpers are done with them. */
  let resting: { readonly region: Taken; readonly atRest: () => boolean }[] = [];

  const collected = new FinalizationRegistry<number>((id) => {
    const atRest = forget(id);
    const region = current?.taken.find((taken) => taken.id === id);
    if (region) resting.push({ region, atRest });
  });
  const reclaim = ({ taken }: Arena): void => {
    const free = new Set(resting.filter(({ atRest }) => atRest()).map(({ region }) => region));
    resting = resting.filter(({ region }) => !free.has(region));
    taken.splice(0, taken.length, ...taken.filter((region) => !free.has(region)));
  };
  /** Where in an arena so many bytes are free, the lowest place. */
  const gap = ({ memory, taken }: Arena, bytes: number): number | undefined => {
    let at = 0;
    for (const region of taken) {
      if (region.at - at >= bytes) return at;
      at = region.at + region.bytes;
    }
    return memory.buffer.byteLength - at >= bytes ? at : undefined;
  };
  const allocate = (bytes: number): Pick<Arena, "memory" | "weight"> => {
    const pages = bytes / page;
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
      return { memory, weight: weightOf(bytes, shared) };
    } catch (cause) {
      const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`;
      throw new Error(
        `compile: expected a memory of ${size} for the step, got none from this machine; ` +
          "let go of programs that are no longer needed, use smaller batches, or allow more " +
          "address space (each memory of WebAssembly may reserve 10 GB of it)",
        { cause },
      );
    }
  };
  /** The arena that has room for so many bytes, and where. */
  const place = (bytes: number): { readonly arena: Arena; readonly at: number } => {
    if (current) {
      reclaim(current);
      const at = gap(current, bytes);
      if (at !== undefined) return { arena: current, at };
    }
    current = { ...allocate(common), taken: [], used: 0 };
    resting = [];
    return { arena: current, at: 0 };
  };
  const takeFromArena = (id: number, bytes: number): Pick<Region, "memory" | "weight" | "at"> => {
    const { arena, at } = place(bytes);
    const { memory, weight, taken } = arena;
    const next = taken.findIndex((other) => other.at > at);
    taken.splice(next < 0 ? taken.length : next, 0, { id, at, bytes });
    const stale = Math.max(0, Math.min(arena.used - at, bytes));
    new Uint8Array(memory.buffer, at, stale).fill(0);
    arena.used = Math.max(arena.used, at + bytes);
    return { memory, weight, at };
  };

  return {
    take(bytes) {
      const id = ++last;
      const whole = Math.ceil(bytes / page) * page;
      const own = whole > common / 2;
      const taken = own ? { ...allocate(whole), at: 0 } : takeFromArena(id, whole);
      let uses = 0;
      const region: Region = { ...taken, id, bytes: whole, use: () => void uses++ };
      collected.register(region, id);
      return region;
    },
  };
}
