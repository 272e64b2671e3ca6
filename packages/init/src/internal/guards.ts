export { finite, notNegative, oneOf } from "@tenon/guards";
