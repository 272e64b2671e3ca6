const isFinite = (value: number): boolean => typeof value === "number" && value - value === 0;

/** Throws unless the value is a finite number. */
export function finite(name: string, option: string, value: number): void {
  if (!isFinite(value)) throw new RangeError(`${name}: expected a finite ${option}, got ${String(value)}`);
}

/** Throws unless the value is a finite number and not negative. */
export function notNegative(name: string, option: string, value: number): void {
  if (!isFinite(value) || value < 0) throw new RangeError(`${name}: expected a finite ${option} ≥ 0, got ${String(value)}`);
}

/** Throws unless the value is a finite number above zero. */
export function positive(name: string, option: string, value: number): void {
  if (!isFinite(value) || value <= 0) throw new RangeError(`${name}: expected a finite ${option} > 0, got ${String(value)}`);
}

/** Throws unless the value is a whole number of at least `least`. */
export function whole(name: string, option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${name}: expected a whole ${option} ≥ ${least}, got ${String(value)}`);
}

/** Throws unless the value is one of the choices. */
export function oneOf(name: string, option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new RangeError(`${name}: expected ${option} to be ${choices.map((choice) => `"${choice}"`).join(" or ")}, got ${JSON.stringify(value)}`);
  }
}
