// A training step of recurrent layers: 28 steps of 128 units, batch 64, 28 features, as of the rows
// of MNIST's digits, then a dense layer. How it is run: besidePytorch.ts.
import { dense, gru, lstm, rnn, sequential } from "@tenon/layers";
import { besidePytorch } from "./besidePytorch.js";

const input = [64, 28, 28] as const;
await besidePytorch({
  lstm: { model: sequential(lstm(128), dense(10)), input },
  gru: { model: sequential(gru(128), dense(10)), input },
  rnn: { model: sequential(rnn(128), dense(10)), input },
});
