import { connect } from "./connection.js";
import { placeOf } from "./fragment.js";
import { browserLanguage } from "./language.js";
import { loadTips, loadWords } from "./load.js";
import { screensOf, subjectOf } from "./subject.js";

// The worker starts first, and what is trained does not wait for what shows it.
const connection = connect();
const { language = browserLanguage() } = placeOf(location.hash, [""]);
connection.send({ type: "speak", language });
const [app, words] = [import("./app.js"), loadWords(language)];
const tips = await loadTips();
const place = placeOf(location.hash, screensOf(tips));
const subject = subjectOf(place, tips);
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
if (subject) connection.show(subject, !isStill);
const { start } = await app;
if (document.readyState === "loading")
  await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
start({ tips, connection, place, isStill, words: await words });
