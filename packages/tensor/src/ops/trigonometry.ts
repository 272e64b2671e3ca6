import { composed } from "../internal/elementwise.js";
import { checkTensor } from "../internal/guards.js";
import { withGradient } from "../internal/withGradient.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./cast.js";
import { cos, sin, type Unary, where } from "./elementwise.js";
import { tensor } from "./leaf.js";

// Written in the primitives, so that every engine has them, and their gradients.

/** sin x / cos x */
export const tan: Unary = /* @__PURE__ */ composed("tan", (x) => sin(x).div(cos(x)));

/**
 * (eˣ − e⁻ˣ) / 2 = 2 sinh(x/2) cosh(x/2), exact near zero; of halves, since eˣ itself overflows
 * before the result does.
 */
export const sinh: Unary = /* @__PURE__ */ composed("sinh", (given) => {
  const x = cast(given, "float32");
  const half = x.mul(0.5);
  const up = half.expm1();
  const down = half.neg().expm1();
  return withGradient(up.sub(down).mul(up.add(down).add(2).mul(0.5)), [x], (g, x) =>
    g.mul(cosh(x)),
  );
});

/** (eˣ + e⁻ˣ) / 2, of halves as `sinh`. */
export const cosh: Unary = /* @__PURE__ */ composed("cosh", (given) => {
  const x = cast(given, "float32");
  const half = x.mul(0.5);
  const up = half.exp();
  const down = half.neg().exp();
  return withGradient(up.mul(up.mul(0.5)).add(down.mul(down.mul(0.5))), [x], (g, x) =>
    g.mul(sinh(x)),
  );
});

/** The number whose hyperbolic tangent is x: ½ log((1 + x) / (1 − x)), exact near zero. */
export const atanh: Unary = /* @__PURE__ */ composed("atanh", (given) => {
  const x = cast(given, "float32");
  return withGradient(x.log1p().sub(x.neg().log1p()).mul(0.5), [x], (g, x) =>
    g.div(oneLessSquare(x)),
  );
});

/** 2²⁸: beyond it x² + 1 is x², to a double's last bit, and x² is still finite in float32. */
const far = 0x10000000;

/** The number whose hyperbolic sine is x: sign(x) log(|x| + √(x² + 1)), exact near zero. */
export const asinh: Unary = /* @__PURE__ */ composed("asinh", (given) => {
  const x = cast(given, "float32");
  const size = x.abs();
  const isFar = size.greater(far);
  const near = where(isFar, 1, size);
  const square = near.square();
  const sum = near.add(square.div(square.add(1).sqrt().add(1)));
  const value = where(isFar, size.log().add(Math.LN2), sum.log1p()).mul(x.sign());
  return withGradient(value, [x], (g, x) => {
    const isFar = x.abs().greater(far);
    return g.div(where(isFar, x.abs(), where(isFar, 1, x).square().add(1).sqrt()));
  });
});

/** The number ≥ 0 whose hyperbolic cosine is x: log(x + √(x² − 1)), exact near 1; NaN below. */
export const acosh: Unary = /* @__PURE__ */ composed("acosh", (given) => {
  const x = cast(given, "float32");
  const isFar = x.greater(far);
  const beyond = where(isFar, 2, x).sub(1);
  const sum = beyond.add(beyond.mul(beyond.add(2)).sqrt());
  const value = where(isFar, x.log().add(Math.LN2), sum.log1p());
  return withGradient(value, [x], (g, x) => g.div(x.sub(1).sqrt().mul(x.add(1).sqrt())));
});

/**
 * 1 − x² = (1 − x) (1 + x), exact near ±1, with the gradient −2x, which those of the factors would
 * be a difference of.
 */
function oneLessSquare(x: Tensor): Tensor {
  return withGradient(x.neg().add(1).mul(x.add(1)), [x], (g, x) => g.mul(x).mul(-2));
}

/** atan z = z − z³ (c₀ + c₁z² + …) for |z| < 7/16, to 2⁻⁵⁶ (fdlibm, s_atan.c, FreeBSD). */
const coefficients = [
  3.33333333333329318027e-1, -1.99999999998764832476e-1, 1.42857142725034663711e-1,
  -1.1111110405462355788e-1, 9.09088713343650656196e-2, -7.69187620504482999495e-2,
  6.66107313738753120669e-2, -5.83357013379057348645e-2, 4.97687799461593236017e-2,
  -3.6531572744216915527e-2, 1.62858201153657823623e-2,
];

/** The arc tangent of |x| ≤ 1, by half of the angle: atan x = 2 atan(x / (1 + √(1 + x²))). */
function atanWithin(x: Tensor): Tensor {
  const z = x.div(x.square().add(1).sqrt().add(1));
  const square = z.square();
  const sum = coefficients.reduceRight(
    (total: Tensor | undefined, c) => (total ? total.mul(square).add(c) : tensor(c)),
    undefined,
  )!;
  return z.sub(z.mul(square).mul(sum)).mul(2);
}

/** The angle in [−π/2, π/2] whose tangent is x. */
export const atan: Unary = /* @__PURE__ */ composed("atan", (x) => {
  const steep = x.abs().greater(1);
  const flat = where(steep, where(steep, x, 1).reciprocal().neg(), x);
  return where(steep, x.sign().mul(Math.PI / 2), 0).add(atanWithin(flat));
});

/**
 * The angle in [−π, π] of the point (x, y): −π where x < 0 and y is −0. That of the origin is 0,
 * whatever the signs of its zeros, and a point that is infinitely far along both axes is on a
 * diagonal.
 */
export function atan2(y: Tensor, x: Tensor | number): Tensor {
  checkTensor("atan2", y);
  if (typeof x !== "number") checkTensor("atan2", x, "a tensor or a number");
  const given = typeof x === "number" ? tensor(x) : x;
  const endless = y.abs().equal(Infinity).mul(given.abs().equal(Infinity));
  const up = where(endless, y.sign(), y);
  const across = where(endless, given.sign(), given);
  const steep = up.abs().greater(across.abs());
  const below = where(steep, up, across);
  const ratio = where(steep, across.neg(), up).div(where(below.equal(0), 1, below));
  // The reciprocal of −0 is −∞.
  const isBelow = where(up.equal(0), up.reciprocal(), up).less(0);
  const turn = where(across.less(0), where(isBelow, -Math.PI, Math.PI), 0);
  return where(steep, up.sign().mul(Math.PI / 2), turn).add(atanWithin(ratio));
}

/** The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]. */
export const asin: Unary = /* @__PURE__ */ composed("asin", (x) => atan2(x, legOf(x)));

/** The angle in [0, π] whose cosine is x; NaN outside [−1, 1]. */
export const acos: Unary = /* @__PURE__ */ composed("acos", (x) => atan2(legOf(x), x));

/** √(1 − x²), exact near ±1. */
function legOf(x: Tensor): Tensor {
  return oneLessSquare(x).sqrt();
}
