/** Bits of a buffer's usage and of a mapping. */
export const usage = {
  mapRead: 1,
  copySource: 4,
  copyDestination: 8,
  storage: 128,
  queryResolve: 512,
} as const;
