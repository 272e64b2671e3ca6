import type { Aggregate, Tensor } from "@tenon/tensor";

/** How a loss is put together with those of other batches, where it says so, also behind factors that are constant. */
export function aggregateOf(loss: Tensor): Aggregate | undefined {
  if (loss.aggregate) return loss.aggregate;
  const { op: { name }, inputs: [a, b] } = loss;
  const scaled = (of: Tensor, by: (total: Tensor) => Tensor): Aggregate | undefined => {
    const inner = aggregateOf(of);
    return inner && { ...inner, total: by(inner.total) };
  };
  const isConstant = (x: Tensor | undefined): x is Tensor => x?.op.name === "constant" && x.shape.length === 0;
  switch (name) {
    case "neg": return scaled(a!, (total) => total.neg());
    case "mul": return isConstant(b) ? scaled(a!, (total) => total.mul(b)) : isConstant(a) ? scaled(b!, (total) => total.mul(a)) : undefined;
    case "div": return isConstant(b) ? scaled(a!, (total) => total.div(b)) : undefined;
    default: return undefined;
  }
}
