export * from "./readSafetensors.js";
export * from "./writeSafetensors.js";
