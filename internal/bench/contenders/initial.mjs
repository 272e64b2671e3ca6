/** Glorot's uniform initial values, from a small generator so that all start with the same. */
function glorot(shape, fanIn, fanOut, seed) {
  let state = seed * 2654435761 + 12345;
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(
    { length: size },
    () => (((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 23 - 1) * limit,
  );
}

/**
 * The weights with which every contender begins, layer by layer: shapes [3, 3, channels, filters]
 * and [inputs, units]. All biases are 0.
 */
export function initialOf({ hidden = [], convolutions = [] }) {
  const layers = [];
  const add = (shape, fanIn, fanOut) =>
    layers.push({ shape, values: glorot(shape, fanIn, fanOut, 2 * layers.length + 1) });
  let channels = 1;
  for (const filters of convolutions) {
    add([3, 3, channels, filters], 9 * channels, 9 * filters);
    channels = filters;
  }
  const inputs = convolutions.length > 0 ? 25 * channels : 784;
  const sizes = [inputs, ...hidden, 10];
  sizes.slice(1).forEach((units, i) => add([sizes[i], units], sizes[i], units));
  return layers;
}
