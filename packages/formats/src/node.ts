export * from "./runFolder.js";
