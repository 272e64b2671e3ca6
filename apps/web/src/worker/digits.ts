import type { Part } from "@tenon/experiments";
import { firstParts, furtherParts, type PartFile } from "../digitParts.js";
import { once } from "./once.js";

/** A file of the page; kept for visits without a network, where that is possible. */
async function kept(url: string): Promise<Response> {
  // There are no caches in a page that is not served over https or from this machine.
  const cache = "caches" in globalThis ? await caches.open("tenon-digits") : undefined;
  const found = await cache?.match(url);
  if (found) return found;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  // Training does not wait for it, and goes on where there is no room.
  void cache?.put(url, response.clone()).catch(() => {});
  return response;
}

/** What a gzipped file holds. */
async function bytesOf(url: string): Promise<Uint8Array> {
  const { body } = await kept(url);
  const unpacked = body!.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** The digits of these files, one after the other. */
async function partOf(files: readonly PartFile[], base: string): Promise<Part> {
  const count = files.reduce((sum, { from, to }) => sum + to - from, 0);
  const images = new Uint8Array(count * 784);
  const labels = new Uint8Array(count);
  const all = await Promise.all(files.map(({ path }) => bytesOf(new URL(path, base).href)));
  let done = 0;
  for (const [i, { from, to }] of files.entries()) {
    const bytes = all[i]!;
    const here = to - from;
    images.set(bytes.subarray(0, here * 784), done * 784);
    labels.set(bytes.subarray(here * 784), done);
    done += here;
  }
  return {
    images: { shape: [count, 28, 28], dtype: "int32", data: images },
    labels: { shape: [count], dtype: "int32", data: labels },
  };
}

/** Training and test images with their labels. */
export interface Parts {
  readonly train: Part;
  readonly test: Part;
}

/** The digits of the page's files: the first 12,000 and 2,000, and all of them when asked for. */
export interface DigitFiles {
  first(): Promise<Parts>;
  all(): Promise<Parts>;
}

/** Files are loaded when they are asked for first. @param base the address of the page */
export function digitFiles(base: string): DigitFiles {
  const load = async (files: readonly PartFile[]): Promise<Parts> => {
    const of = (set: PartFile["set"]) => files.filter((file) => file.set === set);
    const [train, test] = await Promise.all([partOf(of("train"), base), partOf(of("t10k"), base)]);
    return { train, test };
  };
  return {
    first: once(() => load(firstParts)),
    all: once(() => load([...firstParts, ...furtherParts])),
  };
}
