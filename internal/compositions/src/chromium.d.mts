import type { Browser } from "playwright-core";

export declare function pathOf(name: string): string | undefined;
export declare function browserHere(): string | undefined;
export declare const isolated: {
  readonly "cross-origin-opener-policy": "same-origin";
  readonly "cross-origin-embedder-policy": "require-corp";
};
export declare const softwareWebgpu: readonly string[];
export declare function launched(gpu?: readonly string[]): Promise<Browser>;
