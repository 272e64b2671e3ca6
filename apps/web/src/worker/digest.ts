// Loaded when the first run ends.
export { weightsDigest } from "@tenon/experiments";
