import type { Arithmetic, Clock, Schedule } from "@tenon/contracts";
import { power } from "@tenon/guards";
import { mapPaths } from "./mapPaths.js";

/** A hyper-parameter: a number, or a function of the step. */
export type Hyper = Schedule | number;

/**
 * A schedule that is computed from hyper-parameters. It says so, since one of them may follow a
 * value, and then its own values are those of that one's state.
 */
export function madeOf<R extends readonly Hyper[]>(
  rates: R,
  make: (...schedules: { readonly [I in keyof R]: Schedule }) => Schedule,
): Schedule {
  const schedules = rates.map((rate) => (typeof rate === "number" ? () => rate : rate));
  const made = make(...(schedules as unknown as { readonly [I in keyof R]: Schedule }));
  return Object.assign((step: number): number => made(step), {
    from: (read: (part: Schedule) => Schedule): Schedule =>
      madeOf(schedules.map(read) as unknown as R, make),
  });
}

/** f of a hyper-parameter: a number if it is one, else a schedule. */
export function mapped(rate: Hyper, f: (value: number) => number): Hyper {
  return typeof rate === "number" ? f(rate) : madeOf([rate], (at) => (step) => f(at(step)));
}

/** A clock on which a transform's schedules see other steps than those that are made. */
export function clockAt<T>(clock: Clock<T>, stepOf: (step: number) => number): Clock<T> {
  return {
    ...clock,
    value: (rate) =>
      clock.value(
        typeof rate === "function" ? madeOf([rate], (at) => (step) => at(stepOf(step))) : rate,
      ),
  };
}

/**
 * Hyper-parameters as a rule has them: a number is a constant of it, a schedule the step's scalar.
 */
export type Scalars<H, T> = { readonly [N in keyof H]: H[N] extends Schedule ? T : T | number };

/** The values of hyper-parameters at the clock's step. */
export function scalarsAt<T, H extends Readonly<Record<string, Hyper>>>(
  clock: Clock<T>,
  hypers: H,
): Scalars<H, T> {
  return mapPaths<Hyper, T | number>(hypers, (rate) =>
    typeof rate === "number" ? rate : clock.value(rate),
  ) as Scalars<H, T>;
}

/** f(β, 1 − βᵗ), with t − step = `ahead`: what corrects a running mean that began at 0. */
export function corrected(
  beta: Hyper,
  f: (beta: number, rest: number) => number,
  ahead = 1,
): Schedule {
  return madeOf([beta], (at) => (step) => f(at(step), 1 - power(at(step), step + ahead)));
}

/** 1 / (1 − βᵗ) */
export const correction = (beta: Hyper, ahead?: number): Schedule =>
  corrected(beta, (_, rest) => 1 / rest, ahead);

/** η √(1 − β₂ᵗ) / (1 − β₁ᵗ): the rate of Adam with what corrects both of its means. */
export const correctedRate = (learningRate: Hyper, beta1: Hyper, beta2: Hyper): Schedule =>
  madeOf([learningRate, beta1, beta2], (at, ...betas) => (step) => {
    const [rest1, rest2] = betas.map((beta) => 1 - power(beta(step), step + 1));
    return (at(step) * Math.sqrt(rest2!)) / rest1!;
  });

/** β / (1 − βᵗ⁺¹) and (1 − β) / (1 − βᵗ): how much a mean and a value count one step ahead. */
export const meanAhead = (beta: Hyper): Schedule => corrected(beta, (b, rest) => b / rest, 2);
export const freshPart = (beta: Hyper): Schedule => corrected(beta, (b, rest) => (1 - b) / rest);

/** β m + (1 − β) x: a running mean with one more value. */
export function mean<T extends Arithmetic<T>>(m: T, x: T, beta: T | number): T {
  return typeof beta === "number" ? m.mul(beta).add(x.mul(1 - beta)) : x.add(m.sub(x).mul(beta));
}
