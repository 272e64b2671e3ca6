/**
 * Korean text in which a particle stays with the parenthesis before it: lines are broken between
 * words only, and browsers would break there, too.
 */
export const withParticles = (text: string): string => text.replace(/\)(?=[가-힣])/g, ")\u2060");
