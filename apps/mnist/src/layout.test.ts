import { spawnSync } from "node:child_process";
import {
  brokenCall,
  call,
  fitted,
  flowed,
  narrowed,
  quoted,
  shown,
  widthOf,
  wrapped,
} from "@tenon/terminal";
import type { EpochEvent } from "@tenon/trainer";
import { describe, expect, test } from "vitest";
import { epochLine, stepLine } from "./progress.js";
import { confusionTable } from "./report.js";

describe("words for shells and terminals", () => {
  test("a path is quoted where a shell would split it", () => {
    const words = [
      "runs/a",
      "my runs/a b",
      "it's",
      "$HOME",
      "a;b",
      "*",
      "",
      "~",
      "a\nb",
      "-x",
      "ü",
    ];
    expect(words.slice(0, 5).map((word) => quoted(word, false))).toEqual([
      "runs/a",
      "'my runs/a b'",
      `'it'\\''s'`,
      "'$HOME'",
      "'a;b'",
    ]);
    expect([
      quoted("my runs\\a b", true),
      quoted("C:\\runs\\a", true),
      quoted("50%", true),
    ]).toEqual(['"my runs\\a b"', "C:\\runs\\a", '"50%"']);
    expect(call("resume", "a b", "--epochs", "4")).toBe("npm start -- resume 'a b' --epochs 4");
    if (process.platform === "win32") return;
    // As a shell splits them.
    const echoed = spawnSync(
      "sh",
      [
        "-c",
        `for word in ${words.map((word) => quoted(word)).join(" ")}; do printf '%s\\0' ` +
          `"$word"; done`,
      ],
      { encoding: "utf8" },
    ).stdout;
    expect(echoed.split("\0").slice(0, -1)).toEqual(words);
    const broken = brokenCall(
      call("resume", "a b  c/it's", "--epochs", "4", "--data", "d e f"),
      30,
    );
    expect(Math.max(...broken.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(30);
    expect(
      spawnSync("sh", ["-c", broken.replace("npm start --", "printf '%s|'")], { encoding: "utf8" })
        .stdout,
    ).toBe("resume|a b  c/it's|--epochs|4|--data|d e f|");
    const odd = brokenCall(call("resume", "a\nb c", "--epochs", "4", "--data", "d\\e\n f"), 30);
    expect(
      spawnSync("sh", ["-c", odd.replace("npm start --", "printf '%s|'")], { encoding: "utf8" })
        .stdout,
    ).toBe("resume|a\nb c|--epochs|4|--data|d\\e\n f|");
  });

  test("a sentence with a call at its end is broken between words, the call as a shell takes it", () => {
    const said = "nothing is lost; it is all there. Go on with: npm start -- resume 'a\nb  c' -x 1";
    expect(fitted(said, Infinity)).toBe(said);
    expect(fitted(said, 44)).toBe(
      "nothing is lost; it is all there. Go on\nwith:\n  npm start -- resume 'a\nb  c' -x 1",
    );
    expect(fitted("\nEnding: one two\nthree", 12)).toBe("\nEnding: one\ntwo\nthree");
    // Where a word fits without the indentation only, it goes without.
    expect(flowed(["checkpoint", "a".repeat(20)], 20)).toBe(`checkpoint\n${"a".repeat(20)}`);
  });

  test("a path is shown as one would type it, and is never taken for a flag", () => {
    expect(["/x/runs/a", "/x", "/y/z", "/x/-a", "/x/..a"].map((path) => shown(path, "/x"))).toEqual(
      ["runs/a", ".", "/y/z", "./-a", "..a"],
    );
  });

  const event: EpochEvent = {
    type: "epoch",
    epoch: 9,
    epochs: 14,
    step: 1,
    train: { loss: 12.3456789, accuracy: 1 },
    validation: { loss: 0.1, accuracy: 0.98765 },
    seconds: 63,
    best: true,
  };
  test.each([40, 60, 80, 120, 160])(
    "an epoch, and a step, in %i columns: no figure is broken or lost",
    (columns) => {
      const line = epochLine(event, columns);
      const lines = line.split("\n");
      for (const each of lines) expect(widthOf(each)).toBeLessThanOrEqual(columns);
      for (const figure of ["9/14", "12.3457", "100.00 %", "0.1000", "98.77 %", "1 min 03 s", "★"])
        expect(
          lines.some((each) => each.includes(figure)),
          figure,
        ).toBe(true);
      if (columns >= 80) expect(lines).toHaveLength(1);
      const step = {
        type: "step",
        epoch: 9,
        step: 1,
        batch: 5,
        batches: 938,
        examples: 64,
        loss: 1,
        running: { loss: 12.3456789, accuracy: 1 },
        milliseconds: 1,
      } as const;
      expect(
        widthOf(
          stepLine(step, { epochs: 14, imagesPerSecond: 123456, secondsLeft: 4000, columns }),
        ),
      ).toBeLessThan(columns);
    },
  );

  test("lines are broken between parts alone, and a sentence between words", () => {
    expect(flowed(["aa", "bb bb", "cc"], 9)).toBe("aa  bb bb\n  cc");
    expect(wrapped("one two three", 8, 2)).toBe("one two\n  three");
    expect(narrowed("layer  type  output\n─────\nabc    def   [1]   \nend", 15)).toBe(
      "layer  output\n─────\nabc    [1]   \nend",
    );
  });

  test("a confusion table of many classes is the pairs that were mistaken", () => {
    const counts = Array.from({ length: 27 }, (_, i) =>
      Array.from({ length: 27 }, (_, j) => (i === j ? 1000 : i === 9 && j === 4 ? 321 : 0)),
    );
    expect(confusionTable(counts, 80)).toBe(" 9 for 4: 321");
    expect(widthOf(confusionTable(counts, 160).split("\n")[0]!)).toBeLessThanOrEqual(160);
    const digits = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 1135));
    for (const line of confusionTable(digits, 60).split("\n"))
      expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});
