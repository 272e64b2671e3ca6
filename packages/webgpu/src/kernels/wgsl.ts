// Pieces of WGSL. A shader must not hold constants that are not finite, and a driver may flush
// denormals in them: such values are made of their bits while the shader runs.

import {
  erfFarTerms,
  erfTerms,
  erfcTerms,
  exponentialTerms,
  logarithmTerms,
  tanhTerms,
} from "@tenon/plan";

/** A float32 constant. */
export function float(value: number): string {
  const rounded = Math.fround(value);
  const isPlain =
    Number.isFinite(rounded) &&
    !Object.is(rounded, -0) &&
    (rounded === 0 || Math.abs(rounded) >= 2 ** -126);
  if (!isPlain) return `from_bits(${bitsOf(rounded)}u)`;
  const text = String(rounded);
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** An int32 constant: the smallest one has no literal. */
export const integer = (value: number): string =>
  value === -2147483648 ? "(-2147483647i - 1i)" : `${value}i`;

/** An unsigned constant; a negative one wraps around. */
export const unsigned = (value: number): string => `${value >>> 0}u`;

const polynomial = (x: string, [first, ...rest]: readonly number[]): string =>
  rest.reduce((sum, c) => `fma(${sum}, ${x}, ${float(c)})`, float(first!));

/** eʳ − 1 for |r| ≤ ln 2 / 2 (Cephes, Moshier 1989). */
const small = polynomial("r", exponentialTerms);

/**
 * Functions of one value by their names. Those of WGSL itself may be off by 10⁻⁵ or by 2⁻¹¹; these
 * are within 5 units of the last place (high powers 32, the far tail of erfc 60: `math.test.ts`),
 * as far as a driver adds and multiplies as IEEE 754 has it. Coefficients are those of every
 * engine.
 */
const functions: Readonly<Record<string, string>> = {
  from_bits: `fn from_bits(bits: u32) -> f32 { var word = bits; return bitcast<f32>(word); }`,
  is_nan: `fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  is_finite: `fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }`,
  // Of equal ones the bits differ in the sign of zero only, which a driver may give either of.
  largest: `fn largest(a: f32, b: f32) -> f32 {
  let y = select(max(a, b), bitcast<f32>(bitcast<u32>(a) & bitcast<u32>(b)), a == b);
  return select(y, from_bits(0x7fc00000u), is_nan(a) || is_nan(b));
}`,
  smallest: `fn smallest(a: f32, b: f32) -> f32 {
  let y = select(min(a, b), bitcast<f32>(bitcast<u32>(a) | bitcast<u32>(b)), a == b);
  return select(y, from_bits(0x7fc00000u), is_nan(a) || is_nan(b));
}`,
  // By the bits: a comparison and a choice would become a maximum, which drops NaN.
  rectified: `fn rectified(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  return select(x, 0.0f, bits > 0x80000000u && bits <= 0xff800000u);
}`,
  // The same value, by its bits: a driver then does not simplify (a + b) − a to b.
  hidden: `fn hidden(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) | no_bits); }`,
  // a · b − p, where p is the rounded product: Dekker (1971), since an fma may round twice.
  product_error: `fn product_error(a: f32, b: f32, p: f32) -> f32 {
  let a1 = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b1 = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a2 = a - a1;
  let b2 = b - b1;
  return ((a1 * b1 - p) + (a1 * b2 + a2 * b1)) + a2 * b2;
}`,
  power_of_two: `fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(n + 127i) << 23u); }`,
  truncated: `fn truncated(x: f32) -> i32 {
  let inside = i32(clamp(x, -2147483648.0f, 2147483520.0f));
  return select(select(inside, 2147483647i, x >= 2147483648.0f), 0i, is_nan(x));
}`,
  sign_of: `fn sign_of(x: f32) -> f32 { return select(sign(x), x, is_nan(x) || x == 0.0f); }`,
  rounded: `fn rounded(x: f32) -> f32 { return select(round(x), x, is_nan(x)); }`,
  exponential: `fn exponential(x: f32) -> f32 {
  let inside = clamp(x, -104.0f, 89.0f);
  let n = round(inside * 1.4426950408889634f);
  let r = fma(n, 2.1219444e-4f, fma(n, -0.693359375f, inside));
  let near = fma((${small}) * r, r, r);
  let whole = i32(n);
  let half = whole >> 1u;
  let y = ((near + 1.0f) * power_of_two(half)) * power_of_two(whole - half);
  return select(y, x, is_nan(x));
}`,
  exponential_minus_1: `fn exponential_minus_1(x: f32) -> f32 {
  let inside = clamp(x, -30.0f, 89.0f);
  let n = round(inside * 1.4426950408889634f);
  let r = fma(n, 2.1219444e-4f, fma(n, -0.693359375f, inside));
  let near = fma((${small}) * r, r, r);
  let scale = power_of_two(i32(n) - 1i);
  let half = fma(near, scale, scale - 0.5f);
  return select(half + half, x, abs(x) < 8.673617e-19f || is_nan(x));
}`,
  // log(1 + m) − m for √½ − 1 ≤ m ≤ √2 − 1.
  logarithm_near: `fn logarithm_near(m: f32) -> f32 {
  let p = ${polynomial("m", logarithmTerms)};
  let z = m * m;
  return fma(z, -0.5f, (p * m) * z);
}`,
  // x = (1 + m) 2ᵉ as (m, log(1 + m) − m, e).
  logarithm_parts: `fn logarithm_parts(x: f32) -> vec3f {
  let tiny = x < 1.17549435e-38f;
  let scaled = x * select(1.0f, 8388608.0f, tiny);
  let biased = bitcast<i32>(scaled) - 0x3f3504f3i;
  let e = f32(biased >> 23u) - select(0.0f, 23.0f, tiny);
  let m = bitcast<f32>((biased & 0x007fffffi) + 0x3f3504f3i) - 1.0f;
  return vec3f(m, logarithm_near(m), e);
}`,
  logarithm_of: `fn logarithm_of(x: f32, finite: f32) -> f32 {
  let special = select(select(x, from_bits(0x7fc00000u), x < 0.0f), from_bits(0xff800000u), x == 0.0f);
  return select(special, finite, x > 0.0f && is_finite(x));
}`,
  logarithm: `fn logarithm(x: f32) -> f32 {
  let parts = logarithm_parts(x);
  let y = fma(parts.z, -2.1219444e-4f, parts.y);
  return logarithm_of(x, fma(parts.z, 0.693359375f, parts.x + y));
}`,
  logarithm_2: `fn logarithm_2(x: f32) -> f32 {
  let parts = logarithm_parts(x);
  let low = fma(parts.y, 0.44269504f, parts.x * 0.44269504f);
  return logarithm_of(x, ((low + parts.y) + parts.x) + parts.z);
}`,
  logarithm_1_plus: `fn logarithm_1_plus(x: f32) -> f32 {
  return select(logarithm(x + 1.0f), x + logarithm_near(x), x > -0.29f && x < 0.41f);
}`,
  logistic: `fn logistic(x: f32) -> f32 {
  let e = exponential(-abs(x));
  let r = 1.0f / (e + 1.0f);
  return r * select(1.0f, e, x < 0.0f);
}`,
  hyperbolic_tangent: `fn hyperbolic_tangent(x: f32) -> f32 {
  let z = x * x;
  let near = fma(${polynomial("z", tanhTerms)} * z, x, x);
  let size = abs(x);
  let q = exponential(max(-2.0f * size, -87.0f));
  let far = 1.0f - (q + q) / (q + 1.0f);
  return select(near, select(far, -far, x < 0.0f), size >= 0.625f);
}`,
  error_function: `fn error_function(x: f32) -> f32 {
  let size = abs(x);
  let z = x * x;
  let near = fma(${polynomial("z", erfTerms)}, x, x);
  let t = min(size, 4.0f);
  let p = ${polynomial("t", erfFarTerms)};
  let far = 1.0f - exponential(fma(p, t, -t));
  let y = select(near, select(far, -far, x < 0.0f), size > 0.927734375f);
  return select(y, x, is_nan(x));
}`,
  // e^(−square) erfc's tail at z ≥ 0, where square + rest = z².
  error_tail: `fn error_tail(z: f32, square: f32, rest: f32) -> f32 {
  let size = min(z, 10.5f);
  let t = 2.0f / (size + 2.0f);
  let p = ${polynomial("t", erfcTerms)};
  let q = exponential(-min(square, 110.25f));
  return (p * t) * fma(-q, rest, q);
}`,
  error_complement: `fn error_complement(x: f32) -> f32 {
  let square = x * x;
  let positive = error_tail(abs(x), square, select(0.0f, fma(x, x, -square), abs(x) < 10.5f));
  return select(select(positive, 2.0f - positive, x < 0.0f), x, is_nan(x));
}`,
  normal_probability: `fn normal_probability(x: f32) -> f32 {
  let square = x * x;
  let rest = select(0.0f, 0.5f * fma(x, x, -square), abs(x) < 14.0f);
  let positive = 0.5f * error_tail(abs(x) * 0.70710678f, 0.5f * square, rest);
  return select(select(positive, 1.0f - positive, x > 0.0f), x, is_nan(x));
}`,
  high_product: `fn high_product(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);
  let other = a0 * b1 + (middle & 0xffffu);
  return a1 * b1 + (middle >> 16u) + (other >> 16u);
}`,
  // The nearest multiple of π/2, modulo 4, and what is left: Payne & Hanek (1983) for large x.
  quarter_turns: `fn two_over_pi(i: u32) -> u32 {
  var words = array<u32, 7>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u);
  return words[min(i, 6u)];
}
fn quarter_turns(x: f32) -> vec2f {
  let size = abs(x);
  if (size < 30000.0f) {
    let n = round(x * 0.63661977f);
    var r = fma(n, -1.5703125f, x);
    r = fma(n, -4.8351288e-4f, r);
    r = fma(n, -3.1385570e-7f, r);
    r = fma(n, -6.0771006e-11f, r);
    return vec2f(n - 4.0f * floor(n * 0.25f), r);
  }
  let bits = bitcast<u32>(size);
  let mantissa = (bits << 8u) | 0x80000000u;
  let exponent = (bits >> 23u) - 126u;
  let word = exponent >> 5u;
  let shift = exponent & 31u;
  var high = two_over_pi(word);
  var middle = two_over_pi(word + 1u);
  var low = two_over_pi(word + 2u);
  if (shift > 0u) {
    let next = two_over_pi(word + 3u);
    high = (high << shift) | (middle >> (32u - shift));
    middle = (middle << shift) | (low >> (32u - shift));
    low = (low << shift) | (next >> (32u - shift));
  }
  // The 64 bits of size · 2/π modulo 4.
  let first = high_product(mantissa, low);
  let product = mantissa * middle;
  var p0 = product + first;
  var p1 = high_product(mantissa, middle) + select(0u, 1u, p0 < first) + mantissa * high;
  var turns = p1 >> 30u;
  p1 = p1 & 0x3fffffffu;
  let above = (p1 & 0x20000000u) != 0u;
  if (above) {
    turns = turns + 1u;
    p1 = 0x40000000u - p1 - select(0u, 1u, p0 != 0u);
    p0 = 0u - p0;
  }
  let zeros = select(countLeadingZeros(p1), 32u + countLeadingZeros(p0), p1 == 0u);
  var top = p0;
  if (zeros == 0u) { top = p1; }
  else if (zeros < 32u) { top = (p1 << zeros) | (p0 >> (32u - zeros)); }
  else if (zeros < 64u) { top = p0 << (zeros - 32u); }
  var r = f32(top) * power_of_two(-30i - i32(zeros)) * 1.5707964f;
  if (above) { r = -r; }
  if (x < 0.0f) { r = -r; turns = 4u - turns; }
  return vec2f(f32(turns & 3u), r);
}`,
  sine_of_turns: `fn sine_of_turns(turns: f32, r: f32) -> f32 {
  let z = r * r;
  let odd = fma(${polynomial("z", [2.7557314297e-6, -1.9841270114e-4, 8.333333768e-3, -1.6666667163e-1])} * z, r, r);
  let even = fma(${polynomial("z", [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2])} * z, z, fma(z, -0.5f, 1.0f));
  let q = u32(turns) & 3u;
  let y = select(odd, even, (q & 1u) == 1u);
  return select(y, -y, q >= 2u);
}`,
  sine: `fn sine(x: f32) -> f32 {
  let parts = quarter_turns(x);
  return select(select(sine_of_turns(parts.x, parts.y), x, x == 0.0f), from_bits(0x7fc00000u), !is_finite(x));
}`,
  cosine: `fn cosine(x: f32) -> f32 {
  let parts = quarter_turns(x);
  return select(sine_of_turns(parts.x + 1.0f, parts.y), from_bits(0x7fc00000u), !is_finite(x));
}`,
  // What is left of a division, with the sign of the divisor; exact as long as the quotient is.
  rest_of: `fn rest_of(a: f32, b: f32) -> f32 {
  let size = abs(b);
  var r = abs(a);
  if (!is_finite(a) || is_nan(b) || b == 0.0f) { return from_bits(0x7fc00000u); }
  if (is_finite(b)) {
    loop {
      if (r < size) { break; }
      // The largest multiple of the divisor by a power of two that is not above what is left.
      let bits = (bitcast<u32>(r) & 0x7f800000u) | (bitcast<u32>(size) & 0x007fffffu);
      var multiple = bitcast<f32>(bits);
      if (multiple > r) { multiple = multiple * 0.5f; }
      r = r - max(multiple, size);
    }
  }
  let signed = select(r, -r, bitcast<i32>(a) < 0i);
  return select(signed, signed + b, r != 0.0f && ((a < 0.0f) != (b < 0.0f)));
}`,
  rest_of_integers: `fn rest_of_integers(a: i32, b: i32) -> i32 {
  if (b == 0i || b == -1i) { return 0i; }
  let r = a % b;
  return select(r, r + b, r != 0i && ((r < 0i) != (b < 0i)));
}`,
  // aᵇ = 2^(b log₂ a), the logarithm and the product in two parts each.
  power: `fn power(a: f32, b: f32) -> f32 {
  if (b == 0.0f || a == 1.0f) { return 1.0f; }
  if (is_nan(a) || is_nan(b)) { return from_bits(0x7fc00000u); }
  let whole = floor(b) == b;
  let odd = whole && floor(b * 0.5f) != b * 0.5f;
  let size = abs(a);
  if (a < 0.0f && !whole && is_finite(a)) { return from_bits(0x7fc00000u); }
  var y = 1.0f;
  if (size == 0.0f || !is_finite(size)) {
    y = select(0.0f, from_bits(0x7f800000u), (size == 0.0f) == (b < 0.0f));
  } else if (!is_finite(b)) {
    y = select(select(0.0f, from_bits(0x7f800000u), (size > 1.0f) == (b > 0.0f)), 1.0f, size == 1.0f);
  } else if (size != 1.0f) {
    let parts = logarithm_parts(size);
    let m = parts.x + 1.0f;
    // log m = 2 artanh s, s = (m − 1) / (m + 1), with the rounding error of s.
    let above = hidden(m + 1.0f);
    let s = parts.x / above;
    let back = hidden(s * above);
    let low_s = (((parts.x - back) - product_error(s, above, back)) + s * ((m - above) + 1.0f)) / above;
    let z = s * s;
    let series = ${polynomial("z", [2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3])};
    let high_e = parts.z * 0.693145752f;
    let twice = s + s;
    let high = hidden(high_e + twice);
    let low = fma(parts.z, 1.42860677e-6f, fma(series * z, s, low_s + low_s)) + (twice - (high - high_e));
    let most = hidden(high * b);
    let more = product_error(high, b, most) + low * b;
    let t = hidden(most + more);
    let rest = more - (t - most);
    if (t > 89.0f) { y = from_bits(0x7f800000u); }
    else if (t < -104.0f) { y = 0.0f; }
    else { let e = exponential(t);
      y = select(fma(e, rest, e), e, !is_finite(e)); }
  }
  return select(y, -y, odd && bitcast<i32>(a) < 0i);
}`,
};

/** The functions that some code calls, and those that they call, each after what it needs. */
export function functionsOf(code: string): string {
  const found = new Set<string>();
  const visit = (text: string): void => {
    for (const [name, source] of Object.entries(functions))
      if (!found.has(name) && new RegExp(`\\b${name}\\(`).test(text)) {
        found.add(name);
        visit(source);
      }
  };
  visit(code);
  return [...found].map((name) => functions[name]!).join("\n");
}
