/** A part of a memory that belongs to one program. */
export interface Region {
  /** The number of the region among those of its arenas: 1 or more. */
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  /** Its offset in the memory, in bytes: a multiple of 64 KiB. */
  readonly at: number;
  readonly bytes: number;
  /** See `weightOf`. */
  readonly weight: ArrayBuffer | undefined;
  /**
   * Counts a use. Every function that reads or writes the region calls it: so the region is not
   * garbage-collected, and not given to another program, while such a function can still be called.
   */
  use(): void;
}

/** Memories that programs share, so that each does not need one of its own. */
export interface Arenas {
  /** A region filled with zeros. It is free again when it has been garbage-collected. */
  take(bytes: number): Region;
}

export interface ArenaOptions {
  /** Whether threads share the memories. */
  readonly shared: boolean;
  /**
   * Called with the number of a region that was garbage-collected; the function that it returns
   * says whether no thread touches the region any more.
   */
  readonly forget: (id: number) => () => boolean;
}

/** A region of an arena that is in use. */
interface Taken {
  readonly id: number;
  readonly at: number;
  readonly bytes: number;
  /** Of a region that was garbage-collected: whether no worker touches it any more. */
  isFree?: () => boolean;
}

/**
 * V8 does not count the bytes of shared memory when it decides whether to collect garbage. So each
 * shared memory is referred to together with a buffer of as many bytes, which is never touched and
 * costs address space alone.
 */
const weightOf = (bytes: number, shared: boolean): ArrayBuffer | undefined =>
  shared ? new ArrayBuffer(bytes) : undefined;

/** A memory from which regions are taken. */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly weight: ArrayBuffer | undefined;
  /** Its regions, by offset, until they are free again. */
  taken: Taken[];
  /** Bytes that were ever taken: from here on the memory is zeros. */
  used: number;
}

const page = 65536;
/** Bytes of an arena. The unused part costs address space alone. */
const arenaBytes = 64 * 2 ** 20;

/**
 * Arenas for the programs of one engine.
 *
 * JavaScript engines reserve some 10 GB of address space for each memory, however small it is, so
 * that they need not check addresses. Small programs therefore share memories of 64 MiB; a program
 * that needs more than half of one has a memory of its own.
 *
 * Only the current arena is referred to here. A full one lives as long as one of its regions does:
 * so it is garbage-collected even where finalizers are not called, as in a loop that never waits.
 */
export function arenas({ shared, forget }: ArenaOptions): Arenas {
  let current: Arena | undefined;
  let lastId = 0;

  const collected = new FinalizationRegistry<number>((id) => {
    const isFree = forget(id);
    const region = current?.taken.find((taken) => taken.id === id);
    if (region) region.isFree = isFree;
  });
  /** The lowest offset in an arena at which `bytes` bytes are free. */
  const gap = ({ memory, taken }: Arena, bytes: number): number | undefined => {
    let end = 0;
    for (const region of taken) {
      if (region.at - end >= bytes) return end;
      end = region.at + region.bytes;
    }
    return memory.buffer.byteLength - end >= bytes ? end : undefined;
  };
  const allocate = (bytes: number): Pick<Arena, "memory" | "weight"> => {
    const pages = bytes / page;
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
      return { memory, weight: weightOf(bytes, shared) };
    } catch (cause) {
      const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`;
      throw new Error(
        `compile: expected a memory of ${size} for the step, got none; ` +
          "let go of programs or use smaller batches",
        { cause },
      );
    }
  };
  /** An arena with `bytes` free bytes, and their offset. */
  const place = (bytes: number): { readonly arena: Arena; readonly at: number } => {
    if (current) {
      current.taken = current.taken.filter(({ isFree }) => !isFree?.());
      const at = gap(current, bytes);
      if (at !== undefined) return { arena: current, at };
    }
    current = { ...allocate(arenaBytes), taken: [], used: 0 };
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
      const id = ++lastId;
      const whole = Math.ceil(bytes / page) * page;
      const needsOwnMemory = whole > arenaBytes / 2;
      const taken = needsOwnMemory ? { ...allocate(whole), at: 0 } : takeFromArena(id, whole);
      let uses = 0;
      const region: Region = { ...taken, id, bytes: whole, use: () => void uses++ };
      collected.register(region, id);
      return region;
    },
  };
}
