/**
 * A sum of up to this many products is added in order. A longer one is cut into segments that start
 * from zero, and those into groups: of n products its error is at most (segmentLength +
 * segmentsPerGroup + n / (segmentLength · segmentsPerGroup)) · 2⁻²⁴ · Σ |a · b|, where a sum in
 * order would reach n · 2⁻²⁴. The gradient with respect to a convolution's kernel then sums blocks
 * of its pixels separately.
 */
export const longestSegment: number = 2 ** 14;

/** Products in a segment of a longer sum. */
export const segmentLength = 256;
/** Segments that are added up before they are added to others. */
export const segmentsPerGroup = 256;
