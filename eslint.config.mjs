import tseslint from "typescript-eslint";
import { maxOwnLines } from "./scripts/lib/maxOwnLines.mjs";

const ban = (selector, message) => ({ selector, message });

const forbidden = [
  ban("NewExpression[callee.name='Function']", "Code is not made from text: pages forbid it."),
  ban(
    "CallExpression[callee.name=/^(eval|Function)$/]",
    "Code is not made from text: pages forbid it.",
  ),
  ban(
    "BinaryExpression[operator='instanceof']",
    "Two copies of a package on one page must be harmless: look at what a value has, not at " +
      "where it was made.",
  ),
  ban(
    "NewExpression[callee.name='TypeError']",
    "A bad argument is badArgument(…) of @tenon/guards, all else an Error.",
  ),
  ban("ClassDeclaration[superClass], ClassExpression[superClass]", "Wrap, do not extend."),
];

export default tseslint.config(
  {
    ignores: ["**/dist/**", "**/node_modules/**", "**/.cache/**", "**/.turbo/**", "runs/**"],
  },
  {
    files: ["**/*.{ts,mts,mjs,js}"],
    languageOptions: { parser: tseslint.parser, sourceType: "module" },
    plugins: { ts: tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...forbidden,
        ban("ExportDefaultDeclaration", "Name what you export."),
      ],
      // Prettier breaks code at 100 columns, and neither comments nor strings.
      "max-len": [
        "error",
        {
          ...{ code: Infinity, comments: 100 },
          ...{ ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true },
        },
      ],
      "no-implied-eval": "error",
      "no-var": "error",
      "one-var": ["error", "never"],
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: "error",
      "no-debugger": "error",
      "no-duplicate-imports": "off",
      "ts/no-explicit-any": "error",
      "ts/ban-ts-comment": "error",
      "ts/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "ts/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
  {
    // A forgotten await is a race. Only typed rules find it; they take time and are worth it.
    files: ["{packages,internal,apps}/*/src/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "ts/no-floating-promises": "error",
      "ts/no-misused-promises": ["error", { checksVoidReturn: false }],
    },
  },
  {
    // One program for what shares its options takes half the time of one for each package.
    files: ["{packages,internal}/*/src/**/*.ts", "apps/mnist/src/**/*.ts"],
    ignores: ["internal/{experiments,figures}/**"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.json" } },
  },
  {
    // What is longer has more than one idea, but for tables and what a loop may not call.
    files: ["**/*.{ts,mts,mjs,js}"],
    ignores: ["**/*.{test,bench}.{ts,mjs}", "packages/optimizers/src/internal/arrays/compiled.ts"],
    plugins: { own: { rules: { "max-lines": maxOwnLines } } },
    rules: { "own/max-lines": ["error", 60], "max-params": ["error", 6] },
  },
  {
    // A bench keeps what it computes, so that it is computed, and does not use it.
    files: ["**/*.bench.ts"],
    rules: { "ts/no-unused-vars": "off" },
  },
  {
    files: ["**/*.config.{ts,mjs}", "**/tsup.config.ts", "apps/docs/.vitepress/**/*.mjs"],
    rules: { "no-restricted-syntax": ["error", ...forbidden] },
  },
);
