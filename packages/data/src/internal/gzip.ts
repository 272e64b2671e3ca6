import { crc32, inflate, type Output } from "@tenon/inflate";

/** Whether the bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Whether the last eight bytes are the checksum and the size of this, and stand nowhere before:
 * then it is all that is in the file, in one member. A platform that stops after the first member
 * (Node.js 20 does before zeros) has read no more than one whose own such bytes come earlier, even
 * if the last member is the same again.
 */
export function isOnlyMember(bytes: Uint8Array, inside: Uint8Array): boolean {
  const trailer = bytes.length - 8;
  if (bytes.length < 18 || !isTrailer(bytes, trailer, inside, 0, inside.length)) return false;
  for (
    let offset = bytes.indexOf(bytes[trailer]);
    offset < trailer;
    offset = bytes.indexOf(bytes[trailer], offset + 1)
  ) {
    let same = 1;
    while (same < 8 && bytes[offset + same] === bytes[trailer + same]) same++;
    if (same === 8) return false;
  }
  return true;
}

function isTrailer(
  bytes: Uint8Array,
  offset: number,
  inside: Uint8Array,
  from: number,
  to: number,
): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (
    view.getUint32(offset + 4, true) === (to - from) % 2 ** 32 &&
    view.getUint32(offset, true) === crc32(inside, from, to)
  );
}

/**
 * What is in all the members of a file, one after the other, with zeros between and after them: as
 * gzip(1) and Python's gzip have it. Anything else that follows is refused, as Python does: a
 * member whose first byte was damaged cannot be distinguished from it.
 *
 * @param check throws where `length` bytes exceed the limit
 * @throws what is wrong, without a prefix
 */
export function unpackMembers(
  bytes: Uint8Array,
  check: (length: number) => void,
): Uint8Array<ArrayBuffer> {
  const output: Output = { bytes: new Uint8Array(0), length: 0, check };
  for (let offset = 0; offset < bytes.length;) {
    if (offset > 0 && bytes[offset] === 0) {
      offset++;
      continue;
    }
    const from = output.length;
    const member = offset;
    offset = inflate(bytes, endOfHeader(bytes, offset), output);
    check(output.length);
    if (offset + 8 > bytes.length) throw new Error("cut short");
    if (!isTrailer(bytes, offset, output.bytes, from, output.length))
      throw new Error(`a wrong checksum or size of what begins at byte ${member}`);
    offset += 8;
  }
  return output.bytes.slice(0, output.length);
}

/** Where the packed data of a member begins (RFC 1952, section 2.3). */
function endOfHeader(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== 0x1f || (start + 1 < bytes.length && bytes[start + 1] !== 0x8b))
    throw new Error(`what follows at byte ${start} is neither gzip nor zeros`);
  let offset = start + 10;
  const rest = (count: number): void => {
    if (offset + count > bytes.length) throw new Error("cut short");
  };
  rest(0);
  const method = bytes[start + 2];
  const flags = bytes[start + 3];
  if (method !== 8 || flags > 31) throw new Error(`a header of another format at byte ${start}`);
  const skipText = (): void => {
    while ((rest(1), bytes[offset++] !== 0));
  };
  if (flags & 4) {
    rest(2);
    offset += 2 + bytes[offset] + 256 * bytes[offset + 1];
    rest(0);
  }
  if (flags & 8) skipText();
  if (flags & 16) skipText();
  if (flags & 2) {
    rest(2);
    if ((crc32(bytes, start, offset) & 0xffff) !== bytes[offset] + 256 * bytes[offset + 1])
      throw new Error(`a wrong checksum of the header at byte ${start}`);
    offset += 2;
  }
  return offset;
}
