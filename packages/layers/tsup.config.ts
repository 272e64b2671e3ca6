import { defineConfig } from "tsup";
import { pureNamespace } from "../../scripts/pureNamespace.js";
import base from "../../tsup.config.js";

// What a layer needs of @tenon/random (sines that are the same everywhere) is inside this package.
export default defineConfig({ ...base, noExternal: ["@tenon/random"], plugins: [pureNamespace] });
