/**
 * Products are added up in order as long as there are at most so many. A longer sum is cut into
 * runs, which start from zero, and those into groups of `runsTogether`: of n products its error is
 * at most (run + runsTogether + n / (run · runsTogether)) · 2⁻²⁴ · Σ |a · b|, where one run would
 * reach n · 2⁻²⁴. The gradient of a convolution's kernel sums blocks of its pixels apart then.
 */
export const longestRun: number = 2 ** 14;

/**
 * Products in a run of a longer sum, and runs that are added up before they are added to others.
 */
export const run = 256;
export const runsTogether = 256;
