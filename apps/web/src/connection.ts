import type { Answers, Frame, Question, Reply, Request, Subject } from "./protocol.js";

/** The page's side of the worker. */
export interface Connection {
  send(request: Exclude<Request, { type: "show" | "reset" }>): void;
  /** Trains a subject; frames of what was shown before do not arrive any more. */
  show(subject: Subject, play: boolean): void;
  /** Trains the last subject from its beginning. */
  reset(play: boolean): void;
  ask<Q extends Question>(question: Q): Promise<Answers[Q["about"]]>;
  /** Hears all replies, also those that have arrived before. */
  listen(listener: Listener): void;
}

export interface Listener {
  engine(reply: Extract<Reply, { type: "engine" }>): void;
  frame(frame: Frame): void;
  failure(reason: string): void;
}

/** Starts the worker that trains. */
export function connect(): Connection {
  const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), {
    type: "module",
    name: document.baseURI,
  });
  const waiting = new Map<number, { done(answer: never): void; failed(error: Error): void }>();
  let asked = 0;
  let run = 0;
  let listener: Listener | undefined;
  const early: Reply[] = [];
  function hear(reply: Reply): void {
    if (reply.type === "answer" || reply.type === "refusal") {
      const { done, failed } = waiting.get(reply.id)!;
      waiting.delete(reply.id);
      if (reply.type === "answer") done(reply.answer as never);
      else failed(new Error(reply.reason));
    } else if (!listener) early.push(reply);
    else if (reply.type === "engine") listener.engine(reply);
    else if (reply.type === "failure") listener.failure(reply.reason);
    else if (reply.frame.run === run) listener.frame(reply.frame);
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => hear(data);
  worker.onerror = ({ message }) => hear({ type: "failure", reason: message });
  const send = (request: Request): void => worker.postMessage(request);
  return {
    send,
    show: (subject, play) => send({ type: "show", run: ++run, subject, play }),
    reset: (play) => send({ type: "reset", run: ++run, play }),
    ask: (question) =>
      new Promise((done, failed) => {
        const id = ++asked;
        waiting.set(id, { done, failed });
        // A proxy of Svelte cannot be sent.
        send({ type: "ask", id, question });
      }),
    listen(next) {
      listener = next;
      for (const reply of early.splice(0)) hear(reply);
    },
  };
}
