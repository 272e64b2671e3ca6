import type { Case } from "./sickCase.js";
import { sickLearning } from "./sickLearning.js";
import { sickSignals } from "./sickSignals.js";

/** All networks that were made sick on purpose. */
export const cases: readonly Case[] = [...sickSignals, ...sickLearning];
