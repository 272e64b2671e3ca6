import { defineConfig } from "tsup";
import { pureNamespace } from "../../scripts/pureNamespace.js";
import base from "../../tsup.config.js";

export default defineConfig({ ...base, plugins: [pureNamespace] });
