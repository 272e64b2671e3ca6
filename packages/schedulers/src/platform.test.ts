import { platformSuite } from "@tenon/testkit";

platformSuite(new URL(".", import.meta.url), { math: ["PI", "ceil", "floor", "max", "min"], packages: ["@tenon/guards", "@tenon/random"] });
