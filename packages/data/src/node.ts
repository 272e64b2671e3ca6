/** What needs a file system; everything else of the package runs anywhere. */
export * from "./readIdxFolder.js";
export * from "./readImageFolder.js";
