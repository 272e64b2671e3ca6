import type { ByPath, ParamSpec, Pass, Shape } from "@tenon/contracts";
import { ones, zeros } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkFlags, param } from "./check.js";

/** What layers that normalize do with the normalized values. */
export interface AffineOptions {
  /** Whether to add a learned `beta`. @defaultValue true */
  readonly center?: boolean;
  /** Whether to multiply by a learned `gamma`. @defaultValue true */
  readonly scale?: boolean;
}

/** Throws unless both are true or false. */
export function checkAffine(name: string, { center = true, scale = true }: AffineOptions): void {
  checkFlags(name, { center, scale });
}

/** The parameters γ and β. */
export function affineParams(
  shape: Shape,
  { center = true, scale = true }: AffineOptions,
): ByPath<ParamSpec> {
  return {
    ...(scale && { gamma: { shape, init: ones() } }),
    ...(center && { beta: { shape, init: zeros() } }),
  };
}

/**
 * γ · centred / standard deviation + β. The small factors are combined first, so that there is one
 * pass over the big tensor.
 */
export function rescale(
  name: string,
  centred: Tensor,
  std: Tensor,
  pass: Pass<Tensor>,
  { center = true, scale = true }: AffineOptions,
  view: (p: Tensor) => Tensor = (p) => p,
): Tensor {
  const y = scale ? centred.mul(view(param(name, pass, "gamma")).div(std)) : centred.div(std);
  return center ? y.add(view(param(name, pass, "beta"))) : y;
}
