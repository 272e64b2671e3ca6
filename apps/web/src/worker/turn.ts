/** Gives messages that have arrived their turn; unlike timers, it waits for nothing else. */
export function turns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let go: (() => void) | undefined;
  port1.onmessage = () => go?.();
  return () =>
    new Promise((resolve) => {
      go = resolve;
      port2.postMessage(null);
    });
}
