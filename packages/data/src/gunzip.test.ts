import fc from "fast-check";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gunzip } from "./index.js";
import { isOnlyMember, unpackMembers } from "./internal/gzip.js";

const text = new TextEncoder().encode("to be or not to be, ".repeat(500));
const packed = new Uint8Array(gzipSync(text));

test("unpacks what zlib packed", async () => {
  expect(await gunzip(packed)).toEqual(text);
  expect(await gunzip(new Uint8Array(gzipSync(new Uint8Array(0))))).toEqual(new Uint8Array(0));
});

test("any bytes come back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(9), async (bytes, level) => {
      expect(await gunzip(new Uint8Array(gzipSync(bytes, { level })))).toEqual(bytes);
    }),
  );
});

test("refuses what is no gzip", async () => {
  await expect(gunzip(Uint8Array.of(0x50, 0x4b, 3, 4))).rejects.toThrow(
    "gunzip: expected gzip bytes, which begin with 1f 8b",
  );
});

test("refuses a file cut anywhere", async () => {
  for (let length = 2; length < packed.length; length++) {
    await expect(gunzip(packed.subarray(0, length)), `cut at ${length}`).rejects.toThrow(
      "gunzip: the gzip data is damaged or cut short",
    );
  }
});

test("refuses a wrong checksum", async () => {
  const bytes = packed.slice();
  bytes[bytes.length - 6] ^= 1;
  await expect(gunzip(bytes)).rejects.toThrow("gunzip: the gzip data is damaged or cut short");
});

test("stops at maxBytes", async () => {
  await expect(gunzip(packed, { maxBytes: 9999 })).rejects.toThrow(
    "gunzip: expected at most 9999 bytes inside, got more",
  );
  expect((await gunzip(packed, { maxBytes: 10_000 })).length).toBe(10_000);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(1 << 26)));
  await expect(gunzip(bomb, { maxBytes: 1 << 20 })).rejects.toThrow("raise maxBytes");
  await expect(gunzip(packed, { maxBytes: NaN })).rejects.toThrow(
    "gunzip: expected maxBytes of at least 0, got NaN",
  );
});

test("damaged bytes are unpacked or refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 2, max: packed.length - 1 }), fc.nat(255)), {
        minLength: 1,
        maxLength: 3,
      }),
      async (damage) => {
        const bytes = packed.slice();
        for (const [offset, value] of damage) bytes[offset] = value;
        await gunzip(bytes).catch((error: Error) =>
          expect(error.message).toMatch(/^gunzip: the gzip data is damaged or cut short/),
        );
      },
    ),
    { numRuns: 500 },
  );
});

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const pack = (bytes: Uint8Array, level = 6): Uint8Array =>
  new Uint8Array(gzipSync(bytes, { level }));
const zeros = (n: number): Uint8Array => new Uint8Array(n);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * By the platform where it may be, and by ourselves: both must give one answer, and so do all
 * runtimes then.
 */
async function both(bytes: Uint8Array): Promise<Uint8Array> {
  const ours = await gunzip(bytes);
  expect(unpackMembers(bytes, () => {})).toEqual(ours);
  return ours;
}

describe("files of several members, as gzip(1) and Python's gzip read them", () => {
  test("are joined: cat a.gz b.gz", async () => {
    expect(
      await both(joined(pack(bytesOf("one ")), pack(bytesOf("two ")), pack(bytesOf("three")))),
    ).toEqual(bytesOf("one two three"));
    expect(await both(joined(pack(zeros(0)), pack(text), pack(zeros(0))))).toEqual(text);
  });
  test("bgzip: extra fields, and an empty member at the end", async () => {
    // A member as bgzip writes it: the extra field BC with the member's size less one (SAM
    // specification, section 4.1).
    const block = (inside: Uint8Array): Uint8Array => {
      const plain = pack(inside);
      const size = plain.length + 8 - 1;
      return joined(
        Uint8Array.of(
          0x1f,
          0x8b,
          8,
          4,
          0,
          0,
          0,
          0,
          0,
          255,
          6,
          0,
          66,
          67,
          2,
          0,
          size & 255,
          size >> 8,
        ),
        plain.subarray(10),
      );
    };
    const end = Uint8Array.of(
      0x1f,
      0x8b,
      8,
      4,
      0,
      0,
      0,
      0,
      0,
      255,
      6,
      0,
      66,
      67,
      2,
      0,
      27,
      0,
      3,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    );
    expect(await both(joined(block(bytesOf("a")), block(text), end))).toEqual(
      joined(bytesOf("a"), text),
    );
  });
  test("zeros between members and after them count nothing", async () => {
    for (const n of [1, 7, 8, 512]) {
      expect(await both(joined(packed, zeros(n)))).toEqual(text);
      expect(await both(joined(packed, zeros(n), pack(bytesOf("!")), zeros(n)))).toEqual(
        joined(text, bytesOf("!")),
      );
    }
  });
  test("anything else that follows is refused", async () => {
    for (const garbage of [
      bytesOf("garbage"),
      bytesOf("g"),
      Uint8Array.of(0x1f, 0x8c, 8, 0, 0, 0, 0, 0, 0, 0, 0),
      Uint8Array.of(255),
      joined(zeros(4), bytesOf("late")),
      packed.subarray(-8),
    ])
      await expect(gunzip(joined(packed, garbage)), String(garbage)).rejects.toThrow(
        "gunzip: the gzip data is damaged or cut short (what follows at byte",
      );
    await expect(gunzip(joined(packed, bytesOf("garbage")))).rejects.toThrow(
      `(what follows at byte ${packed.length} is neither gzip nor zeros)`,
    );
  });
  test("a second member that is cut anywhere is refused", async () => {
    const second = pack(bytesOf("the second"));
    for (let length = 1; length < second.length; length++)
      await expect(
        gunzip(joined(packed, second.subarray(0, length))),
        `cut at ${length}`,
      ).rejects.toThrow("gunzip: the gzip data is damaged or cut short (cut short)");
  });
  test("a wrong checksum or size is refused in each member", async () => {
    const second = pack(bytesOf("the second"));
    const whole = joined(packed, second);
    for (const offset of [
      packed.length - 8,
      packed.length - 1,
      whole.length - 5,
      whole.length - 3,
    ]) {
      const damaged = whole.slice();
      damaged[offset] ^= 1;
      await expect(gunzip(damaged), `byte ${offset}`).rejects.toThrow(
        `a wrong checksum or size of what begins at byte ${offset < packed.length ? 0 : packed.length}`,
      );
    }
  });
  test("maxBytes is of all of them", async () => {
    await expect(gunzip(joined(packed, packed), { maxBytes: 19_999 })).rejects.toThrow(
      "gunzip: expected at most 19999 bytes inside, got more",
    );
    expect((await gunzip(joined(packed, packed, zeros(3)), { maxBytes: 20_000 })).length).toBe(
      20_000,
    );
    await expect(
      gunzip(joined(pack(new Uint8Array(1 << 26)), zeros(1)), { maxBytes: 1 << 20 }),
    ).rejects.toThrow("raise maxBytes");
  });
});

test("headers: a name, a comment, an extra field and their checksum, and what is reserved", async () => {
  const body = packed.subarray(10);
  const head = [0x1f, 0x8b, 8];
  const name = [...bytesOf("name.txt"), 0];
  const comment = [...bytesOf("why"), 0];
  expect(
    await both(
      joined(
        Uint8Array.of(...head, 4 + 8 + 16, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3, ...name, ...comment),
        body,
      ),
    ),
  ).toEqual(text);
  // Python: zlib.crc32(bytes([0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 0, 255])) & 0xffff
  const checked = [...head, 2, 0, 0, 0, 0, 0, 255];
  expect(await both(joined(Uint8Array.of(...checked, 144, 201), body))).toEqual(text);
  await expect(gunzip(joined(Uint8Array.of(...checked, 1, 2), body))).rejects.toThrow(
    "a wrong checksum of the header at byte 0",
  );
  await expect(
    gunzip(joined(Uint8Array.of(...head, 32, 0, 0, 0, 0, 0, 255), body)),
  ).rejects.toThrow("a header of another format at byte 0");
  await expect(
    gunzip(joined(Uint8Array.of(0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 255), body)),
  ).rejects.toThrow("a header of another format at byte 0");
});

test("our own unpacking agrees with zlib on whatever it packs", () => {
  const strategies = [
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ];
  const texts = fc
    .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 300 })), {
      maxLength: 20,
    })
    .map((parts) =>
      Uint8Array.from(
        parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => [...bytes]).flat()),
      ),
    );
  fc.assert(
    fc.property(
      texts,
      fc.nat(9),
      fc.constantFrom(...strategies),
      fc.integer({ min: 9, max: 15 }),
      (bytes, level, strategy, windowBits) => {
        expect(
          unpackMembers(new Uint8Array(gzipSync(bytes, { level, strategy, windowBits })), () => {}),
        ).toEqual(bytes);
      },
    ),
  );
});

test("our own unpacking takes and refuses what zlib does", () => {
  const outcome = (unpack: () => Uint8Array): Uint8Array | "refused" => {
    try {
      return new Uint8Array(unpack());
    } catch {
      return "refused";
    }
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 10, max: packed.length - 9 }), fc.nat(7)), {
        minLength: 1,
        maxLength: 2,
      }),
      (damage) => {
        const bytes = packed.slice();
        for (const [offset, bit] of damage) bytes[offset] ^= 1 << bit;
        expect(outcome(() => unpackMembers(bytes, () => {}))).toEqual(
          outcome(() => gunzipSync(bytes)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("a member, zeros and the same member again are both members, on every platform", async () => {
  const one = pack(text);
  const twice = Uint8Array.of(...one, ...new Uint8Array(8), ...one);
  expect(await gunzip(twice)).toEqual(new Uint8Array(gunzipSync(Uint8Array.of(...one, ...one))));
  // What a platform gives that stops at the zeros: the first member alone, whose checksum and size
  // end the file, too.
  expect(isOnlyMember(twice, text)).toBe(false);
  expect(isOnlyMember(one, text)).toBe(true);
});
