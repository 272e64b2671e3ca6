// From docs/hosts.md, without its types.
const mapped = (values, make) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value, name)]));

/** An optimizer of TensorFlow.js' variables, which it assigns: `step(gradients, loss)`. */
export function onVariables(tf, transform, params) {
  const slots = mapped(transform.slots(mapped(params, ({ shape }) => shape)), (specs) =>
    mapped(specs, ({ shape, start }, name) =>
      tf.variable(start === "parameter" ? params[name] : tf.fill([...shape], start), false),
    ),
  );
  let step = 0;
  return (gradients, loss) =>
    tf.tidy(() => {
      const after = transform.update(
        { updates: gradients, params, slots },
        {
          value: (rate) => tf.scalar(typeof rate === "number" ? rate : rate(step)),
          ...(loss && { loss }),
        },
      );
      for (const [name, update] of Object.entries(after.updates))
        params[name].assign(params[name].add(update));
      for (const [slot, variables] of Object.entries(slots))
        for (const [name, variable] of Object.entries(variables))
          variable.assign(after.slots[slot][name]);
      step++;
    });
}
