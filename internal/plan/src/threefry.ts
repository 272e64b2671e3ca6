/**
 * By how many bits the rounds of Threefry-2×32 rotate a word, eight in turn: Salmon et al. (2011).
 */
export const threefryRotations: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];
