import type { ByPath, Clock, Transform } from "@tenon/contracts";
import { moved } from "@tenon/guards";
import { allFinite, mapLeaves, where, type Tensor } from "@tenon/tensor";

type Slots = ByPath<ByPath<Tensor>>;

/** What a step is updated by. */
interface Pass {
  readonly loss: Tensor;
  /** Of the parameters that are trained. */
  readonly gradients: ByPath<Tensor>;
  /** The running statistics after the step. */
  readonly statsAfter: ByPath<Tensor>;
}

type State = {
  readonly params: ByPath<Tensor>;
  readonly stats: ByPath<Tensor>;
  readonly slots: Slots;
};

interface Updated {
  readonly updates: ByPath<Tensor>;
  readonly skipped: Tensor | undefined;
  readonly next: State;
  readonly checked: readonly Tensor[];
}

/**
 * The state after a step, as far as it is finite: `checked` has to be, too. Where the optimizer's
 * `skipNonFinite` leaves the step out, statistics stay as they were, and the loss may be anything.
 */
export function updated(
  optimizer: Transform,
  { loss, gradients, statsAfter }: Pass,
  { params, stats, slots }: State,
  clock: Clock<Tensor>,
): Updated {
  // The optimizer leaves a step out by its gradients.
  const isGood = skippedOf(slots) && allFinite([loss]);
  const trained = mapLeaves(gradients, (_, path) => params[path]!);
  const flow = optimizer.update<Tensor>(
    {
      updates: isGood ? mapLeaves(gradients, (g) => where(isGood, g, NaN)) : gradients,
      params: trained,
      slots,
    },
    clock,
  );
  const skipped = skippedOf(flow.slots);
  return {
    updates: flow.updates,
    skipped,
    next: {
      params: { ...params, ...mapLeaves(trained, (p, path) => moved(p, flow.updates[path]!)) },
      stats: skipped
        ? mapLeaves(statsAfter, (after, path) => where(skipped, stats[path]!, after))
        : statsAfter,
      slots: flow.slots,
    },
    checked: [
      skipped ? where(skipped, 0, loss) : loss,
      ...(takesNonFinite(slots) ? [] : Object.values(gradients)),
    ],
  };
}

/**
 * Whether gradients that are not finite are left to the optimizer, since it has `skipNonFinite` or
 * `zeroNans`, also inside other transforms.
 */
const takesNonFinite = (slots: Slots): boolean =>
  Object.keys(slots).some((slot) => /(skipNonFinite|zeroNans)(#\d+)?\/steps$/.test(slot));

/**
 * How many steps in a row `skipNonFinite` left out: 0 after a step that was taken. Undefined where
 * the optimizer has none.
 */
function skippedOf(slots: Slots): Tensor | undefined {
  let most: Tensor | undefined;
  for (const [slot, counts] of Object.entries(slots)) {
    const [count] = /skipNonFinite(#\d+)?\/inARow$/.test(slot) ? Object.values(counts) : [];
    if (count) most = most?.maximum(count) ?? count;
  }
  return most;
}
