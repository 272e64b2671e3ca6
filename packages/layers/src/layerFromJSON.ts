import type { Description, Init, Json, Layer } from "@tenon/contracts";
import { badArgument, shown, suggestion } from "@tenon/guards";
import { initFromJSON } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import * as modules from "./index.js";

/** Makes a layer from the arguments in its JSON. */
export type MakeLayer = (...args: never[]) => Layer<Tensor>;

/**
 * Makes a layer from its JSON: `{ type, args }`, the call that made it. Layers and inits inside are
 * made first; an init is recognised by its option's name, which ends in `Init`.
 *
 * @param custom layers of your own, by type
 * @throws for a type that does not exist, listing those that do
 */
export function layerFromJSON(
  description: Description,
  custom: Readonly<Record<string, MakeLayer>> = {},
): Layer<Tensor> {
  // Every export is a type, except the functions that do not make a layer.
  const {
    activation: _activation,
    bounded: _bounded,
    layerFromJSON: _this,
    lsuv: _lsuv,
    scaledDotProductAttention: _attention,
    summary: _summary,
    ...exported
  } = modules;
  const types: Readonly<Record<string, MakeLayer>> = { ...exported, ...custom };

  const layer = ({ type, args = [], ...others }: Description): Layer<Tensor> => {
    if (!Object.hasOwn(types, type))
      throw badArgument(
        "layerFromJSON",
        `a type of ${Object.keys(types).join(", ")}`,
        shown(type),
        [
          ...[suggestion(String(type), Object.keys(types)) ?? []].flat(),
          "pass your own layers by type as the second argument",
        ].join("; "),
      );
    if (!Array.isArray(args) || Object.keys(others).length > 0)
      throw badArgument(
        "layerFromJSON",
        "{ type, args }, args being an array",
        shown({ type, args, ...others }),
      );
    const make = types[type] as (...args: unknown[]) => Layer<Tensor>;
    return make(...args.map((arg: Json) => revive(arg, "")));
  };
  const revive = (json: Json, key: string): Json | Init | Layer<Tensor> | object => {
    if (typeof json !== "object" || json === null) return json;
    if (Array.isArray(json)) return json.map((entry: Json) => revive(entry, key));
    if (isDescription(json)) return key.endsWith("Init") ? initFromJSON(json) : layer(json);
    return Object.fromEntries(
      Object.entries(json).map(([name, entry]) => [name, revive(entry, name)]),
    );
  };
  if (!isDescription(description))
    throw badArgument("layerFromJSON", "{ type, args }", shown(description));
  return layer(description);
}

function isDescription(json: Json | Description): json is Description {
  return (
    typeof json === "object" &&
    json !== null &&
    !Array.isArray(json) &&
    typeof (json as Description).type === "string"
  );
}
