import type { Transform } from "@tenon/contracts";
import * as o from "../src/index.js";

/** A step along a gradient. */
export type Step = (g: Float32Array) => void;
/** A rule with a loop written by hand for it alone, over a parameter w. */
export interface Rule {
  readonly transform: Transform;
  readonly byHand: (w: Float32Array) => Step;
}

const { sqrt, abs, max, sign } = Math;
const like = (w: Float32Array, start = 0): Float32Array => new Float32Array(w.length).fill(start);

export const rules: Readonly<Record<string, Rule>> = {
  sgd: {
    transform: o.sgd(),
    byHand: (w) => (g) => {
      for (let i = 0; i < w.length; i++) w[i]! -= 0.01 * g[i]!;
    },
  },
  momentum: {
    transform: o.momentum(),
    byHand(w) {
      const v = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          v[i] = 0.9 * v[i]! + g[i]!;
          w[i]! -= 0.01 * v[i]!;
        }
      };
    },
  },
  nesterov: {
    transform: o.nesterov(),
    byHand(w) {
      const v = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          v[i] = 0.9 * v[i]! + g[i]!;
          w[i]! -= 0.01 * (g[i]! + 0.9 * v[i]!);
        }
      };
    },
  },
  adagrad: {
    transform: o.adagrad(),
    byHand(w) {
      const s = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          s[i]! += g[i]! * g[i]!;
          w[i]! -= (0.01 * g[i]!) / (sqrt(s[i]!) + 1e-10);
        }
      };
    },
  },
  rmsprop: {
    transform: o.rmsprop(),
    byHand(w) {
      const v = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          v[i] = 0.9 * v[i]! + 0.1 * g[i]! * g[i]!;
          w[i]! -= (0.001 * g[i]!) / (sqrt(v[i]!) + 1e-8);
        }
      };
    },
  },
  adam: {
    transform: o.adam(),
    byHand(w) {
      const m = like(w);
      const v = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
          w[i]! -= (0.001 * (m[i]! / c1)) / (sqrt(v[i]! / c2) + 1e-8);
        }
      };
    },
  },
  adamw: {
    transform: o.adamw(),
    byHand(w) {
      const m = like(w);
      const v = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
          w[i]! -= 0.001 * (m[i]! / c1 / (sqrt(v[i]! / c2) + 1e-8) + 0.01 * w[i]!);
        }
      };
    },
  },
  "adam, clipped": {
    transform: o.chain(o.clipByGlobalNorm(1), o.adam()),
    byHand(w) {
      const m = like(w);
      const v = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        let sum = 0;
        for (let i = 0; i < w.length; i++) sum += g[i]! * g[i]!;
        const factor = 1 / max(1, sqrt(sum));
        for (let i = 0; i < w.length; i++) {
          const x = factor * g[i]!;
          m[i] = 0.9 * m[i]! + 0.1 * x;
          v[i] = 0.999 * v[i]! + 0.001 * x * x;
          w[i]! -= (0.001 * (m[i]! / c1)) / (sqrt(v[i]! / c2) + 1e-8);
        }
      };
    },
  },
  adamax: {
    transform: o.adamax(),
    byHand(w) {
      const m = like(w);
      const u = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c = 1 - 0.9 ** t;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          u[i] = max(0.999 * u[i]!, abs(g[i]!) + 1e-8);
          w[i]! -= (0.002 * (m[i]! / c)) / u[i]!;
        }
      };
    },
  },
  adadelta: {
    transform: o.adadelta(),
    byHand(w) {
      const s = like(w);
      const d = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          s[i] = 0.9 * s[i]! + 0.1 * g[i]! * g[i]!;
          const step = (g[i]! * sqrt(d[i]! + 1e-6)) / sqrt(s[i]! + 1e-6);
          d[i] = 0.9 * d[i]! + 0.1 * step * step;
          w[i]! -= step;
        }
      };
    },
  },
  lion: {
    transform: o.lion(),
    byHand(w) {
      const m = like(w);
      return (g) => {
        for (let i = 0; i < w.length; i++) {
          w[i]! -= 1e-4 * sign(0.9 * m[i]! + 0.1 * g[i]!);
          m[i] = 0.99 * m[i]! + 0.01 * g[i]!;
        }
      };
    },
  },
  radam: {
    transform: o.radam(),
    byHand(w) {
      const m = like(w);
      const v = like(w);
      const rhoMax = 2 / 0.001 - 1;
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        const rho = rhoMax - (2 * t * (1 - c2)) / c2;
        const r =
          rho < 5
            ? 0
            : sqrt(((rho - 4) * (rho - 2) * rhoMax) / ((rhoMax - 4) * (rhoMax - 2) * rho));
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
          if (r > 0) w[i]! -= (0.001 * r * (m[i]! / c1)) / (sqrt(v[i]! / c2) + 1e-8);
          else w[i]! -= (0.001 * m[i]!) / c1;
        }
      };
    },
  },
  yogi: {
    transform: o.yogi(),
    byHand(w) {
      const m = like(w, 1e-6);
      const v = like(w, 1e-6);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        for (let i = 0; i < w.length; i++) {
          const square = g[i]! * g[i]!;
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i]! -= 0.001 * sign(v[i]! - square) * square;
          w[i]! -= (0.01 * (m[i]! / c1)) / (sqrt(v[i]! / c2) + 1e-3);
        }
      };
    },
  },
  adabelief: {
    transform: o.adabelief(),
    byHand(w) {
      const m = like(w);
      const s = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          const surprise = g[i]! - m[i]!;
          s[i] = 0.999 * s[i]! + 0.001 * surprise * surprise + 1e-16;
          w[i]! -= (0.001 * (m[i]! / c1)) / (sqrt(s[i]! / c2) + 1e-16);
        }
      };
    },
  },
  lamb: {
    transform: o.lamb(),
    byHand(w) {
      const m = like(w);
      const v = like(w);
      const u = like(w);
      let t = 0;
      return (g) => {
        t++;
        const c1 = 1 - 0.9 ** t;
        const c2 = 1 - 0.999 ** t;
        let ofW = 0;
        let ofU = 0;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
          u[i] = m[i]! / c1 / (sqrt(v[i]! / c2) + 1e-6);
          ofW += w[i]! * w[i]!;
          ofU += u[i]! * u[i]!;
        }
        const ratio = ofW > 0 && ofU > 0 ? sqrt(ofW) / sqrt(ofU) : 1;
        for (let i = 0; i < w.length; i++) w[i]! -= 0.001 * ratio * u[i]!;
      };
    },
  },
};
