import { experimentOf } from "virtual:experiments";
import { digitFiles } from "./digits.js";
import type { Port } from "./serve.js";

// Digits and the experiment are asked for before the engine is here; messages wait for it.
const port = self as unknown as Port;
const early: Parameters<NonNullable<Port["onmessage"]>>[0][] = [];
port.onmessage = (message) => early.push(message);
const digits = digitFiles(port.name);
digits.first().catch(() => {}); // what needs them tries again, and says why it fails
const tip = /^#([\w-]+)/.exec(new URL(port.name).hash)?.[1] ?? "";
if (Object.hasOwn(experimentOf, tip)) experimentOf[tip]!().catch(() => {});

const { serve } = await import("./serve.js");
serve(port, digits);
for (const message of early) port.onmessage(message);
