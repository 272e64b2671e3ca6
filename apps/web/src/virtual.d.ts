declare module "virtual:tips" {
  export const tips: readonly import("./tip.js").Tip[];
}
