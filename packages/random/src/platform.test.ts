import { platformSuite } from "@tenon/testkit";

platformSuite(new URL(".", import.meta.url), {
  math: ["abs", "clz32", "floor", "imul", "sqrt"],
  packages: ["@tenon/guards"],
});
