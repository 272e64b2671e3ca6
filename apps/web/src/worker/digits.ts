import { gunzip } from "@tenon/data";
import { digitsOf, type Digits, type Part } from "@tenon/experiments";
import { firstParts, furtherParts, type PartFile } from "../digitParts.js";

/** The bytes of a file of the page; kept for visits without a network, where that is possible. */
async function bytesOf(url: string): Promise<Uint8Array> {
  // There are no caches in a page that is not served over https or from this machine.
  const cache = "caches" in globalThis ? await caches.open("tenon-digits") : undefined;
  const kept = await cache?.match(url);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  await cache?.put(url, response.clone());
  return new Uint8Array(await response.arrayBuffer());
}

/** The digits of these files, one after the other. */
async function partOf(files: readonly PartFile[], base: string): Promise<Part> {
  const count = files.reduce((sum, { from, to }) => sum + to - from, 0);
  const images = new Uint8Array(count * 784);
  const labels = new Uint8Array(count);
  let done = 0;
  for (const { path, from, to } of files) {
    const bytes = await gunzip(await bytesOf(new URL(path, base).href));
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

/** The digits of the page's files: the first 12,000 and 2,000, and all of them when asked for. */
export function digitFiles(base: string): { first(): Promise<Digits>; all(): Promise<Digits> } {
  const load = async (files: readonly PartFile[]): Promise<Digits> => {
    const of = (set: PartFile["set"]) => files.filter((file) => file.set === set);
    const [train, test] = await Promise.all([partOf(of("train"), base), partOf(of("t10k"), base)]);
    return digitsOf(train, test);
  };
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () =>
      (made ??= make().catch((error: unknown) => {
        made = undefined; // the next call tries again
        throw error;
      }));
  };
  return {
    first: once(() => load(firstParts)),
    all: once(() => load([...firstParts, ...furtherParts])),
  };
}
