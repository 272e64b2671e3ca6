// Loaded where the browser has no SHA-256.
export { weightsDigest } from "@tenon/experiments";
