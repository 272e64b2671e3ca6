import { mount } from "svelte";
import App from "./App.svelte";
import "./page.css";
import type { Start } from "./page.svelte.js";
import { addPalette } from "./palette.js";

/** Shows the page. */
export function start(given: Start): void {
  addPalette();
  mount(App, { target: document.getElementById("app")!, props: { given } });
}
