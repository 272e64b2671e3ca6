import { startHelper, type Helper } from "./helper.js";
import { control, left, type Message } from "./worker.js";

/** A module that several threads run on one memory. */
export interface Shared {
  /** The number of the program, its own in its engine: 1 or more. */
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the words lie through which threads meet. */
  readonly at: number;
  /** Where the scratch memory of the first thread lies, and how large that of each is. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Bytes of memory that the program has for itself. */
  readonly bytes: number;
}

/** Threads that help the one that calls. */
export interface Pool {
  /** How many there are, with the caller's own. */
  readonly threads: number;
  /** How many of them are there now: fewer if some could not start, or died. */
  alive(): number;
  /** Whether the caller may sleep while it waits; the main thread of a page may not. */
  readonly maySleep: boolean;
  /** Wakes the helpers to take part in a run of a program. */
  wake(program: Shared): void;
  /**
   * Tells the helpers that a program will not run again. The function that it gives says whether
   * all of them know, so that none of them touches the program's memory any more.
   */
  forget(id: number): () => boolean;
}

/**
 * Helpers hold only the programs that ran last: so many, of so many bytes. A program that runs
 * again after others is told once more. So programs that were dropped are let go even
 * while the caller gives the collector no turn to say so.
 */
const most = { programs: 32, bytes: 2 ** 27 };

/**
 * A worker makes no garbage of its own, so its collector never runs, and what it let go stays.
 * After so many programs that were let go, or bytes of them, new workers take the place of the old
 * ones.
 */
const renewal = { programs: 32, bytes: 2 ** 27 };

/** Workers that were started together, and the words through which they meet the caller. */
interface Crew {
  readonly words: Int32Array;
  readonly helpers: Map<number, Helper>;
}

function gather(threads: number): Crew {
  const words = new Int32Array(new SharedArrayBuffer(4 * (control.words(threads) + 1)));
  const helpers = new Map<number, Helper>();
  for (let thread = 1; thread < threads; thread++) {
    const lost = (): void => {
      helpers.delete(thread);
      Atomics.store(words, control.read(thread), left);
    };
    try {
      const helper = startHelper({ lost });
      helpers.set(thread, helper);
    } catch {
      lost();
      break; // what forbids one forbids all
    }
  }
  tell({ words, helpers }, { task: "hello" }, true);
  return { words, helpers };
}

/** Sends a message. Those who sleep read it when they wake. */
function tell({ words, helpers }: Crew, message: Message, first = false): void {
  // Counted before it is sent: a worker that has read all there is goes to work.
  Atomics.add(words, control.sent, 1);
  for (const [thread, helper] of helpers) {
    helper.post(first ? { ...message, control: words, thread } : message);
  }
}

function wakeAll({ words }: Crew, program: number): void {
  Atomics.store(words, control.program, program);
  Atomics.add(words, control.generation, 1);
  Atomics.notify(words, control.generation);
}

/** Whether every worker has read so many messages. */
function haveRead({ words, helpers }: Crew, count: number): boolean {
  for (const thread of helpers.keys()) {
    if (Atomics.load(words, control.read(thread)) < count) return false;
  }
  return true;
}

/** The workers of a pool that was collected have nothing left to do. */
const idle = new FinalizationRegistry<{ readonly crew: Crew }>(({ crew }) => {
  for (const helper of crew.helpers.values()) helper.stop();
});

/** Starts helpers: with the caller they are `threads`. */
export function pool(threads: number): Pool {
  /** `leaves` while workers were told to leave; until all have, there are no others. */
  const now = { crew: gather(threads), leaves: false };
  /** Bytes of the programs that helpers hold, by number, the one that ran last at the end. */
  const held = new Map<number, number>();
  let heldBytes = 0;
  let latest = 0;
  const gone = { programs: 0, bytes: 0 };

  const letGo = (id: number): void => {
    const bytes = held.get(id)!;
    held.delete(id);
    heldBytes -= bytes;
    gone.programs++;
    gone.bytes += bytes;
    tell(now.crew, { task: "forget", id });
  };
  const renewIfDue = (): void => {
    if (gone.programs < renewal.programs && gone.bytes < renewal.bytes) return;
    tell(now.crew, { task: "leave" });
    wakeAll(now.crew, 0);
    now.leaves = true;
    held.clear();
    heldBytes = latest = gone.programs = gone.bytes = 0;
  };
  const learn = (program: Shared): void => {
    const { id, bytes, module, memory, at, scratch, scratchBytes } = program;
    for (const other of [...held.keys()]) {
      if (held.size < most.programs && heldBytes + bytes <= most.bytes) break;
      letGo(other);
    }
    held.set(id, bytes);
    heldBytes += bytes;
    tell(now.crew, { task: "learn", id, module, memory, at, scratch, scratchBytes });
  };
  const made: Pool = {
    threads,
    alive: () => (now.leaves ? threads : 1 + now.crew.helpers.size),
    maySleep: typeof document === "undefined",
    wake(program) {
      const { id, bytes } = program;
      if (id !== latest) {
        renewIfDue();
        if (now.leaves) {
          if (!haveRead(now.crew, left)) return;
          now.crew = gather(threads);
          now.leaves = false;
        }
        if (!held.has(id)) learn(program);
        else {
          held.delete(id);
          held.set(id, bytes);
        }
        latest = id;
      }
      wakeAll(now.crew, id);
    },
    forget(id) {
      if (id === latest) latest = 0;
      if (held.has(id)) letGo(id);
      wakeAll(now.crew, 0);
      const { crew } = now;
      const count = Atomics.load(crew.words, control.sent);
      if (!now.leaves) renewIfDue();
      return () => haveRead(crew, count);
    },
  };
  idle.register(made, now);
  return made;
}
