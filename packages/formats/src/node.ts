export * from "./runFolder.js";
export * from "./studyFolder.js";
