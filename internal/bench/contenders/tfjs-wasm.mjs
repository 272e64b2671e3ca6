// What TensorFlow.js's back end of WebAssembly needs beside its package.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Makes the back end ready, with the kernel that it lacks and a faster product. */
export function prepareWasm() {
  setWasmPaths(
    new URL("./node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname,
  );
  registerGradient();
  tuneProducts();
}

/**
 * The gradient of a convolution's kernel, which the wasm backend lacks, of its own operations: a
 * product for each tap.
 */
function registerGradient() {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({
      inputs,
      attrs: {
        filterShape: [kh, kw, c, o],
      },
    }) => {
      const [x, dy] = [inputs.x, inputs.dy].map((info) =>
        tf.engine().makeTensorFromTensorInfo(info),
      );
      const [n, oh, ow] = dy.shape;
      const grads = dy.reshape([n * oh * ow, o]);
      const taps = [];
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++)
          taps.push(
            tf.matMul(
              x.slice([0, i, j, 0], [n, oh, ow, c]).reshape([n * oh * ow, c]),
              grads,
              true,
              false,
            ),
          );
      return tf.stack(taps).reshape([kh, kw, c, o]);
    },
  });
}

/** Its product is some 25 times faster when transposed operands are transposed first. */
function tuneProducts() {
  const product = tf.getKernel("BatchMatMul", "wasm");
  const transpose = tf.getKernel("Transpose", "wasm");
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    ...product,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const created = [];
      const transposed = (x, turn) => {
        if (!turn) return x;
        const last = x.shape.length - 1;
        const perm = x.shape.map((_, i) => (i === last ? last - 1 : i === last - 1 ? last : i));
        created.push(transpose.kernelFunc({ inputs: { x }, attrs: { perm }, backend }));
        return created.at(-1);
      };
      const result = product.kernelFunc({
        inputs: {
          a: transposed(inputs.a, attrs.transposeA),
          b: transposed(inputs.b, attrs.transposeB),
        },
        attrs: { transposeA: false, transposeB: false },
        backend,
      });
      for (const { dataId } of created) backend.disposeData(dataId);
      return result;
    },
  });
}
