import { rngSuite } from "@tenon/testkit";
import { random } from "./index.js";

rngSuite("random", random);
rngSuite("random, split by name", (seed) => random(seed).split("conv1"));
rngSuite("random, split by seed", (seed) => random(1).split(`epoch ${seed}`));
