import { mount } from "svelte";
import App from "./App.svelte";
import "./page.css";
import { addPalette } from "./palette.js";

const target = document.getElementById("app")!;
target.textContent = "";
addPalette();
mount(App, { target });

// Visits without a network; a browser allows it over https and on this machine only.
if (import.meta.env.PROD && "serviceWorker" in navigator)
  addEventListener("load", () => {
    navigator.serviceWorker.register("./serviceWorker.js").catch(() => {});
  });
