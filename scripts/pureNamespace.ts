/**
 * A plugin for tsup. `import * as modules` of a package's own modules becomes an object that
 * esbuild fills by a call, and a bundler must keep a call whose effects are unknown, with all that
 * it mentions: a bundle of one function would hold the whole package. This marks the call as pure.
 */
export const pureNamespace = {
  name: "pure-namespace",
  renderChunk<Map>(
    code: string,
    { map }: { readonly map?: Map },
  ): { code: string; map: Map | undefined } {
    return {
      code: code.replace(
        /^var (\w+) = \{\};\n__export\(\1, \{$/gm,
        "var $1 =\n/* @__PURE__ */ ((target, all) => (__export(target, all), target))({}, {",
      ),
      map,
    };
  },
};
