import { reference } from "@tenon/tensor";
import { engineSuite } from "@tenon/testkit";
import { wasm } from "./index.js";

engineSuite("wasm", () => wasm(), { oracle: reference(), tolerance: 2e-6 });
