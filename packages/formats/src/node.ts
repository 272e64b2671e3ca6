export * from "./lockFile.js";
export * from "./runFolder.js";
export * from "./studyFolder.js";
