import { engineSuite } from "@tenon/testkit";
import { reference } from "./index.js";

engineSuite("reference", () => reference());
engineSuite("reference in float64", () => reference({ precision: "float64" }), {
  tolerance: 1e-12,
});
