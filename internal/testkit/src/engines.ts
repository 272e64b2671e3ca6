// What runs in a page, too.
export * from "./asyncEngineSuite.js";
export * from "./engineSuite.js";
