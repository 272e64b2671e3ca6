import { mount } from "svelte";
import App from "./App.svelte";
import { placeOf } from "./fragment.js";
import { loadTips, loadWords } from "./load.js";
import "./page.css";
import { browserLanguage } from "./page.svelte.js";
import { addPalette } from "./palette.js";

addPalette();
const { language = browserLanguage() } = placeOf(location.hash, [""]);
const [tips, words] = await Promise.all([loadTips(), loadWords(language)]);
mount(App, { target: document.getElementById("app")!, props: { tips, words } });

// Visits without a network; a browser allows it over https and on this machine only.
if (import.meta.env.PROD && "serviceWorker" in navigator)
  navigator.serviceWorker.register("./serviceWorker.js").catch(() => {});
