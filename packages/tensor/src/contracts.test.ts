import { asyncEngineSuite, delayed, engineSuite } from "@tenon/testkit";
import { reference } from "./index.js";

engineSuite("reference", () => reference());
engineSuite("reference in float64", () => reference({ precision: "float64" }), {
  tolerance: 1e-12,
});

// The engine with which the trainer is tested on engines that answer later.
engineSuite("delayed reference", () => delayed(reference()), { oracle: reference() });
asyncEngineSuite("delayed reference", () => delayed(reference()));
