export * from "./palette.js";
export * from "./svgOf.js";
export * from "./words.js";
