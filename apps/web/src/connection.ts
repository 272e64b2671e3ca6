import type { Answers, Frame, Question, Reply, Request } from "./protocol.js";

/** The page's side of the worker. */
export interface Connection {
  send(request: Request): void;
  ask<Q extends Question>(question: Q): Promise<Answers[Q["about"]]>;
}

export interface Listener {
  engine(reply: Extract<Reply, { type: "engine" }>): void;
  frame(frame: Frame): void;
  failure(reason: string): void;
}

/** Starts the worker that trains. */
export function connect(listener: Listener): Connection {
  const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), {
    type: "module",
    name: document.baseURI,
  });
  const waiting = new Map<number, { done(answer: never): void; failed(error: Error): void }>();
  let asked = 0;
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if (data.type === "frame") return listener.frame(data.frame);
    if (data.type === "engine") return listener.engine(data);
    if (data.type === "failure") return listener.failure(data.reason);
    const { done, failed } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if (data.type === "answer") done(data.answer as never);
    else failed(new Error(data.reason));
  };
  worker.onerror = ({ message }) => listener.failure(message);
  const send = (request: Request): void => worker.postMessage(request);
  return {
    send,
    ask: (question) =>
      new Promise((done, failed) => {
        const id = ++asked;
        waiting.set(id, { done, failed });
        // A proxy of Svelte cannot be sent.
        send({ type: "ask", id, question });
      }),
  };
}
