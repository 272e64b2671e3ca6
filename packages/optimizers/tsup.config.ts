import { defineConfig } from "tsup";
import { pureNamespace } from "../../scripts/pureNamespace.js";
import base from "../../tsup.config.js";

// Loops are written for two sets of instructions, which are namespaces.
export default defineConfig({ ...base, plugins: [pureNamespace] });
