import type { NDArray } from "@tenon/contracts";
import { sizeOf } from "@tenon/guards";
import { hashString } from "@tenon/random";
import type { Units } from "../dataset.js";
import type { Scaling } from "../scaling.js";
import { encodedArray, floats } from "./encodedArray.js";
import { plainRows, tagOf } from "./rows.js";
import { byteTable, scaleInto } from "./scale.js";

/** Rows scaled, as float32; bytes stay bytes until their values are read, through a table. */
export function unitsOf(scale: Scaling): Units {
  let table: Float32Array | undefined;
  return {
    scale,
    identity: `-${(hashString(JSON.stringify(scale)) >>> 0).toString(16)}`,
    rows(source, places, memory): NDArray {
      const shape = [places.length, ...source.shape.slice(1)];
      const bytes = tagOf(source.data) === "Uint8Array" && (source.data as Uint8Array);
      if (bytes) table ??= byteTable(scale);
      if (bytes && table)
        return encodedArray(
          shape,
          { of: bytes, indices: places },
          () => (memory.plain = plainRows(source, places, memory.plain).data) as Uint8Array,
          table,
          memory,
        );
      const width = sizeOf(shape) / places.length;
      const data = floats(memory, places.length * width);
      for (let i = 0; i < places.length; i++)
        scaleInto(data, i * width, source.data, places[i] * width, width, scale);
      return { shape, dtype: "float32", data };
    },
  };
}
