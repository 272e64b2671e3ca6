/** Tables of text; behind an entry of its own, since few need it. */
export * from "./columnsOf.js";
export * from "./encodeTable.js";
export * from "./readCsv.js";
