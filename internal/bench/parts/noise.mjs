/**
 * Images of noise with labels to learn by heart: the parts that measure Tenon alone do not read
 * MNIST.
 */
export function noise(batch) {
  let state = 12345;
  const next = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 24;
  return {
    x: Float32Array.from({ length: 784 * batch }, next),
    y: Int32Array.from({ length: batch }, () => Math.floor(10 * next())),
  };
}
