export { finite, notNegative, oneOf, positive, whole } from "@tenon/guards";
