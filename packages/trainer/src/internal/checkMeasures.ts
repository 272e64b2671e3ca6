import type { ByPath } from "@tenon/contracts";
import { badArgument, made, oneOf, shown } from "@tenon/guards";
import type { Measure } from "../measures.js";
import type { Recorder } from "../records.js";

export const isPlain = (value: unknown): value is ByPath<unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws unless these are measures and recorders by name, all names different. */
export function checkMeasures(
  who: string,
  measures: ByPath<Measure>,
  records: ByPath<Recorder> = {},
): void {
  if (!isPlain(measures) || Object.keys(measures).length === 0)
    throw badArgument(
      who,
      'measures by name, such as { accuracy: finalOf("validation.accuracy", "higher") }',
      shown(measures),
    );
  for (const [name, measure] of Object.entries(measures)) {
    made(who, `measure ${shown(name)}`, measure, "result", 'finalOf("train.loss", "lower")');
    oneOf(who, `better of measure ${shown(name)}`, measure.better, ["higher", "lower"]);
  }
  if (!isPlain(records))
    throw badArgument(who, 'recorders by name, such as { loss: curveOf("loss") }', shown(records));
  for (const [name, recorder] of Object.entries(records)) {
    made(who, `recorder ${shown(name)}`, recorder, "update", 'curveOf("loss")');
    if (Object.hasOwn(measures, name))
      throw badArgument(who, "different names of measures and recorders", `${shown(name)} twice`);
  }
}
