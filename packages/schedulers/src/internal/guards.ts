/** Throws unless the value is a finite number. */
export function finite(name: string, option: string, value: number): void {
  if (typeof value !== "number" || value - value !== 0) throw new RangeError(`${name}: expected a finite ${option}, got ${String(value)}`);
}

/** Throws unless the value is a finite number above 0. */
export function positive(name: string, option: string, value: number, hint: string = ""): void {
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    throw new RangeError(`${name}: expected a finite ${option} > 0, got ${String(value)}${hint}`);
  }
}

/** Throws unless the value is a finite number and not negative. */
export function notNegative(name: string, option: string, value: number): void {
  if (typeof value !== "number" || !(value >= 0 && value < Infinity)) {
    throw new RangeError(`${name}: expected a finite ${option} ≥ 0, got ${String(value)}`);
  }
}

/** Throws unless the value is one of the choices. */
export function oneOf(name: string, option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new RangeError(`${name}: expected ${option} to be ${choices.map((choice) => `"${choice}"`).join(" or ")}, got ${JSON.stringify(value)}`);
  }
}

/** Throws unless these are finite steps, none below 0 and none before its predecessor. */
export function rising(name: string, boundaries: readonly number[]): void {
  boundaries.forEach((boundary, i) => {
    if (!(boundary >= (i === 0 ? 0 : boundaries[i - 1]) && boundary < Infinity)) {
      throw new RangeError(`${name}: expected boundaries that are finite, ≥ 0 and in rising order, got [${boundaries.join(", ")}]`);
    }
  });
}
