// The page: it draws what the worker sends, and stays responsive while the worker trains.
const canvas = document.querySelector("#plane");
const status = document.querySelector("#status");
const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });

worker.onmessage = ({ data: { epoch, accuracy, loss, size, within, isDone } }) => {
  const context = canvas.getContext("2d");
  const cell = canvas.width / size;
  within.forEach((isWithin, i) => {
    context.fillStyle = isWithin ? "orange" : "steelblue";
    context.fillRect((i % size) * cell, Math.floor(i / size) * cell, cell, cell);
  });
  status.textContent = `Epoch ${epoch}: ${(100 * accuracy).toFixed(1)} % are right, loss ${loss}`;
  status.dataset.done = String(isDone);
};
worker.onerror = ({ message }) => (status.textContent = `It failed: ${message}`);
