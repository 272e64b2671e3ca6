import type { Language } from "@tenon/experiments/words";

/**
 * Keeps the page for visits without a network, with the words of a language. A browser allows it
 * over https and on this machine only.
 */
export function keepForLater(language: Language): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(`./serviceWorker.js?lang=${language}`).catch(() => {});
}
