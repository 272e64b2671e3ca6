export * from "./crc32.js";
export * from "./inflate.js";
