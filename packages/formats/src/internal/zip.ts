import { crc32, inflate, type Output } from "@tenon/inflate";
import { show } from "./header.js";

/** Files packed into one, by name; without a prototype, so that any name is only a name. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** How much larger than its packed form a file may be; deflate's own limit is 1032. */
const mostTimes = 1040;

/**
 * The files in a zip archive, stored or deflated. Throws what `fail` makes where the archive is
 * damaged, encrypted, or larger than 4 GiB.
 *
 * PKWARE (2012), .ZIP file format specification 6.3.3, sections 4.3 and 4.4
 */
export function unzipped(bytes: Uint8Array, fail: (problem: string) => Error): Files {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view, fail);
  const files: Files = Object.create(null);
  let entry = view.getUint32(end + 16, true);
  const count = view.getUint16(end + 10, true);
  for (let i = 0; i < count; i++) {
    if (entry + 46 > end || view.getUint32(entry, true) !== 0x02014b50)
      throw fail(`entry ${i + 1} of ${count} is not where the archive says; it is damaged`);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((at) =>
      view.getUint16(entry + at, true),
    );
    const name = new TextDecoder().decode(bytes.slice(entry + 46, entry + 46 + nameLength));
    if (name in files) throw fail(`the name ${show(name)} is given twice`);
    if (!name.endsWith("/"))
      files[name] = fileOf(bytes, view, entry, (problem) => fail(`${show(name)}: ${problem}`));
    entry += 46 + nameLength + extraLength + noteLength;
  }
  return files;
}

/** Where the record at the end of the archive begins, behind which there may be a comment. */
function endOf(view: DataView, fail: (problem: string) => Error): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw fail("expected a zip archive, got none; the file is cut short or of another kind");
}

function fileOf(
  bytes: Uint8Array,
  view: DataView,
  entry: number,
  fail: (problem: string) => Error,
): Uint8Array<ArrayBuffer> {
  const [flags, method] = [8, 10].map((at) => view.getUint16(entry + at, true));
  const [sum, packed, size, header] = [16, 20, 24, 42].map((at) =>
    view.getUint32(entry + at, true),
  );
  if (flags & 1) throw fail("it is encrypted");
  if (header + 30 > bytes.length || view.getUint32(header, true) !== 0x04034b50)
    throw fail("it is not where the archive says; the archive is damaged");
  const begin = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (begin + packed > bytes.length) throw fail("it is cut short");
  const data = bytes.subarray(begin, begin + packed);
  if (method !== 0 && method !== 8) throw fail(`it is packed by method ${method}, expected 0 or 8`);
  if (method === 0 ? packed !== size : size > mostTimes * packed)
    throw fail(`${packed} bytes cannot hold the ${size} that the archive says`);
  const output: Output = {
    bytes: new Uint8Array(size),
    length: 0,
    check(length) {
      if (length > size) throw new Error(`expected ${size} bytes, got more`);
    },
  };
  if (method === 0) {
    output.bytes.set(data);
    output.length = size;
  } else {
    try {
      inflate(data, 0, output);
    } catch (error) {
      throw fail((error as Error).message);
    }
  }
  if (output.length !== size) throw fail(`expected ${size} bytes, got ${output.length}`);
  if (crc32(output.bytes, 0, size) !== sum) throw fail("its checksum is wrong; it is damaged");
  return output.bytes.subarray(0, size);
}

/** A zip archive of files that are stored as they are, dated 1980 so that it is always the same. */
export function zipped(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([name, data]) => ({
    name: new TextEncoder().encode(name),
    data,
    sum: crc32(data),
  }));
  const names = entries.reduce((total, { name }) => total + name.length, 0);
  const contents = entries.reduce((total, { data }) => total + data.length, 0);
  const bytes = new Uint8Array(entries.length * (30 + 46) + 2 * names + contents + 22);
  const view = new DataView(bytes.buffer);
  /** From the version that is needed to the length of the name: the same in both headers. */
  const describe = (at: number, { name, data, sum }: (typeof entries)[number]): void => {
    view.setUint16(at, 20, true);
    view.setUint16(at + 2, 0x800, true); // names are UTF-8
    view.setUint16(at + 8, 0x21, true); // the first of January 1980
    view.setUint32(at + 10, sum, true);
    view.setUint32(at + 14, data.length, true);
    view.setUint32(at + 18, data.length, true);
    view.setUint16(at + 22, name.length, true);
  };
  let offset = 0;
  const begins = entries.map((entry) => {
    const begin = offset;
    view.setUint32(begin, 0x04034b50, true);
    describe(begin + 4, entry);
    bytes.set(entry.name, begin + 30);
    bytes.set(entry.data, begin + 30 + entry.name.length);
    offset += 30 + entry.name.length + entry.data.length;
    return begin;
  });
  const directory = offset;
  entries.forEach((entry, i) => {
    view.setUint32(offset, 0x02014b50, true);
    view.setUint16(offset + 4, 20, true);
    describe(offset + 6, entry);
    view.setUint32(offset + 42, begins[i], true);
    bytes.set(entry.name, offset + 46);
    offset += 46 + entry.name.length;
  });
  view.setUint32(offset, 0x06054b50, true);
  view.setUint16(offset + 8, entries.length, true);
  view.setUint16(offset + 10, entries.length, true);
  view.setUint32(offset + 12, offset - directory, true);
  view.setUint32(offset + 16, directory, true);
  return bytes;
}
