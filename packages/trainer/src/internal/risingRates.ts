/**
 * `count` rates from `from` to `to`, each the one before it times the same factor. Made of
 * multiplications and comparisons alone, so that every machine gives the same bits.
 */
export function risingRates(from: number, to: number, count: number): readonly number[] {
  const reaches = (factor: number): number => {
    let rate = from;
    for (let i = 1; i < count; i++) rate *= factor;
    return rate;
  };
  let [low, high] = [1, to / from];
  for (;;) {
    const factor = (low + high) / 2;
    if (factor <= low || factor >= high) break;
    if (reaches(factor) < to) low = factor;
    else high = factor;
  }
  const rates = [from];
  for (let i = 1; i < count; i++) rates.push(rates[i - 1]! * low);
  return [...rates.slice(0, -1), to];
}
