import type { PlaceSpec } from "@tenon/plan";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";
import { axesOf, placesOf, sumOf } from "./places.js";
import { float, integer } from "./wgsl.js";

/** Places arrays in a larger one. Operands: out, each part. */
export function placeParts({ size, dtype, fill, parts }: PlaceSpec): Kernel {
  const counts = parts.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
  const most = Math.max(...counts);
  if (fill === undefined)
    return eachElement("place", most, {
      flops: 0,
      operands: [dtype, ...parts.map(() => dtype)],
      body: ([out, ...sources]) =>
        parts
          .map((part, k) => {
            if (counts[k] === 0) return "";
            const places = placesOf(axesOf(part.shape, [part]), "i", `q${k}`);
            const to = sumOf(places.termsOf(0), part.offset);
            return `if (i < ${counts[k]}u) {\n${places.code}\n${out!.store(to, sources[k]!.load("i"))}\n}`;
          })
          .join("\n"),
    });
  const [part] = parts as [(typeof parts)[0]];
  const isEmpty = counts[0] === 0;
  const constant = dtype === "int32" ? integer(fill) : float(fill);
  return eachElement("pad", size, {
    flops: 0,
    operands: [dtype, dtype],
    body: ([out, x]) =>
      isEmpty
        ? out!.store("i", constant)
        : padBody(part, constant, out!.store("i", "value"), x!.load),
  });
}

/** The value of element `i` of a padded array: that of the part whose place it is, or the fill. */
function padBody(
  { shape, strides, offset }: PlaceSpec["parts"][0],
  fill: string,
  store: string,
  load: (index: string) => string,
): string {
  // Larger strides first; axes of one element need none.
  const lines = [`var rest = i - ${offset >>> 0}u;`, `var source = 0u;`, `var inside = true;`];
  const axes = shape.map((n, axis) => ({ n, stride: strides[axis]! })).filter(({ n }) => n !== 1);
  let count = shape.reduce((product, n) => product * n, 1);
  for (const { n, stride } of axes) {
    count /= n;
    lines.push(
      `{ let index = rest / ${stride}u; inside = inside && index < ${n}u; rest = rest - index * ${stride}u; source = source + index * ${count}u; }`,
    );
  }
  lines.push(
    `inside = inside && rest == 0u && i >= ${Math.max(0, offset)}u;`,
    `var value = ${fill};`,
    `if (inside) { value = ${load("source")}; }`,
    store,
  );
  return lines.join("\n");
}
