import { platformSuite } from "@tenon/testkit";

platformSuite(new URL(".", import.meta.url), {
  math: ["PI", "abs", "ceil", "floor", "max", "min", "sqrt"],
  packages: ["@tenon/guards", "@tenon/random"],
});
