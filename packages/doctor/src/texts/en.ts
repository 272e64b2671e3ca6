import type { Texts } from "../texts.js";
import {
  lossDoesNotFit,
  batchNormOfOne,
  labelsOutOfRange,
  missingClass,
  constantInputs,
  unscaledInputs,
  initialValuesTooLarge,
  initialValuesTooSmall,
  equalUnits,
} from "./setup/en.js";

export const en: Texts = {
  severities: { error: "error", warning: "warning", hint: "hint" },
  words: { tip: "try first", reference: "see", cause: "because of" },
  places: {},
  findings: {
    lossDoesNotFit,
    batchNormOfOne,
    labelsOutOfRange,
    missingClass,
    constantInputs,
    unscaledInputs,
    initialValuesTooLarge,
    initialValuesTooSmall,
    equalUnits,
    learningRateTooHigh: {
      title: "The learning rate is too high",
      meaning: {
        rises:
          "The loss rose from {start} to {loss}. A step changes the weights by {ratio%} of " +
          "their size; about 0.1 % is usual.",
        risesUnobserved: "The loss rose from {start} to {loss}.",
        nonFinite:
          "At step {step#} the loss was no longer finite. Before, a step changed the weights " +
          "by {ratio%} of their size; about 0.1 % is usual.",
        spoilt:
          "Steps changed the weights by {ratio%} of their size; about 0.1 % is usual. In " +
          "{layer} {before%} of units were stuck at first, now {now%} are.",
        stays:
          "The loss is {loss}, no better than an answer without looking at the input " +
          "({start}). A step changes the weights by {ratio%} of their size; about 0.1 % is " +
          "usual.",
        little:
          "The loss stays at {loss} ({start} is reached without looking at the input). A step " +
          "still changes the weights by {ratio%} of their size; about 0.1 % is usual.",
      },
      tip: "Divide the learning rate by 10.",
    },
    explodingGradients: {
      title: "Exploding gradients",
      meaning: {
        always:
          "At step {step#} the gradient has norm {gradient}, the weights {value}; the update " +
          "changed them by {update%}. It is largest in {layer}.",
        spike:
          "At step {step#} the gradient jumped to norm {gradient}, usually {usual}; the " +
          "update changed the weights by {update%}. It is largest in {layer}.",
      },
      tip: "Clip the gradients: clipByGlobalNorm(1) before the optimizer.",
    },
    penaltyTooStrong: {
      title: "A penalty or a weight decay that is too strong",
      meaning: {
        shrunk:
          "After {steps#} steps {fraction%} of the kernels' first norms are left, and the loss " +
          "without penalties is {loss}; {start} is reached without looking at the input.",
        outweighs:
          "In epoch {epoch#} the training loss is {train} with its penalties; without them the " +
          "loss is {loss}, and {start} is reached without looking at the input.",
        unscored:
          "After {steps#} steps {fraction%} of the kernels' first norms are left: next to " +
          "nothing passes through the network.",
      },
      tip:
        "Train without it first; then add a penalty that is at most a tenth of the loss at the " +
        "start.",
    },
    saturatedUnits: {
      title: "Saturated units",
      meaning:
        "At step {step#}, {fraction%} of the outputs of {layer} are at a bound. There its " +
        "gradient is almost 0, so what is in front of it hardly learns.",
      tip: "Put a batchNorm in front of {layer}.",
    },
    deadUnits: {
      title: "Dead units",
      meaning:
        "At step {step#}, {fraction%} of the units of {layer} are 0 for every example of the " +
        "batch. Their gradient is 0: they cannot come back.",
      tip: "Use leakyRelu instead of relu, and start biases at 0.",
    },
    vanishingGradients: {
      title: "Vanishing gradients",
      meaning:
        "At step {step#} an element of the gradient is {gradient} in {first}, {lastGradient} " +
        "in {last}: {ratio} of it is left on the way back through {layers#} layers. The first " +
        "ones hardly learn.",
      tip: {
        kernels:
          "Draw the initial values of every kernel at random, with heNormal; in very deep " +
          "networks, use residual connections and batchNorm.",
        other:
          "Use ReLU instead of sigmoid or tanh, with heNormal initial values; in very deep " +
          "networks, residual connections and batchNorm.",
      },
    },
    noGradient: {
      title: "A parameter that gets no gradient",
      meaning:
        "The gradient of {parameter} was exactly 0 in all {steps#} observed steps; that is so " +
        "for {count#} of {of#} parameters. The loss does not depend on them.",
      tip:
        "Follow the path from {parameter} to the loss: is its layer's output used, and does a " +
        "gradient pass whatever comes after it?",
    },
    dropoutTooStrong: {
      title: "Dropout is too strong",
      meaning: {
        both:
          "{layer} drops {rate%} of units. After epoch {epoch#} the training loss is {loss}, " +
          "without dropout {validation}; {start} is reached without looking at the input.",
        train:
          "{layer} drops {rate%} of units. After epoch {epoch#} the training loss is {loss}; " +
          "{start} is reached without looking at the input.",
      },
      tip: "Lower the rate of {layer} to 0.2, and raise it only if the network overfits.",
    },
    decayOfBiases: {
      title: "Weight decay on biases and norms",
      meaning: {
        strong:
          "Biases or norm parameters decay too ({count#} in all, the first is {parameter}): by " +
          "{rate%} a step, in {steps#} steps. They are held near zero, and with them the " +
          "network's outputs.",
        weak:
          "Biases or norm parameters decay too ({count#} in all, the first is {parameter}). They " +
          "do not overfit; the decay only shifts what the network gives.",
      },
      tip: "Let only kernels decay: only: (path, shape) => shape.length > 1.",
    },
    learningRateTooLow: {
      title: "The learning rate is too low",
      meaning: {
        planned:
          "The loss went from {start} to {loss} only. A step changes the weights by {ratio} " +
          "of their size; about 1e-3 is usual. In all {steps#} steps they can move by {way} " +
          "of it.",
        open:
          "The loss went from {start} to {loss} only. A step changes the weights by {ratio} " +
          "of their size; about 1e-3 is usual.",
      },
      tip: "Multiply the learning rate by 10, and again while the loss falls evenly.",
    },
    rateDecayedTooEarly: {
      title: "The learning rate decayed too early",
      meaning:
        "From step {step#} of {steps#} on, updates are at most 1 % of what they were, now " +
        "{update}. Until then the loss was falling; since then it stays at {loss}.",
      tip: "Let the rate fall over the whole run: cosineDecay with steps: {steps#}.",
    },
    nonFinite: {
      title: "The loss is not finite",
      meaning: {
        measured: "{fraction%} of the values of the data are NaN or infinite.",
        data: "At step {step#} the inputs or targets of the batch held a NaN or an infinity.",
        layer:
          "At step {step#} the loss was no longer finite. The first layer whose output was " +
          "not finite is {layer}, the operation {type}.",
        unknownLayer:
          "At step {step#} the loss was no longer finite. The first layer whose output was " +
          "not finite is {layer}.",
        inside:
          "At step {step#} values inside the network are not finite, of the parameters or " +
          "gradients, or of layers; the first of them: {place}.",
        other: "At step {step#} values were no longer finite. The first of them: {place}.",
      },
      tip: {
        measured: "Take the examples with NaN or infinity out of the data, or replace the values.",
        data: "Take the examples with NaN or infinity out of the data, or replace the values.",
        layer:
          "Keep the input of {type} where it is finite: bound it, or put a norm in front of it.",
        unknownLayer:
          "Keep the input of {layer} where its output is finite: bound it, or put a norm in " +
          "front of it.",
        other: "Lower the learning rate, and clip the gradients: clipByGlobalNorm(1).",
      },
    },
    noNonlinearity: {
      title: "Layers without a nonlinearity between them",
      meaning:
        "Between {first} and {last} there is no activation. {layers#} linear layers in a row " +
        "compute no more than one of them.",
      tip: "Put a relu after every layer but the last.",
    },
    notLearning: {
      title: {
        stays: "The network learns nothing from the inputs",
        same: "The network gives the same answer to everything",
        byHeart: "What is learnt does not hold for other examples",
        other: "The network learns nothing from the inputs",
      },
      meaning: {
        stays:
          "After {steps#} steps the loss is {loss}; {start} is reached without looking at the " +
          "input. Steps and gradients are as usual: the targets seem to have nothing to do " +
          "with the inputs.",
        same:
          "After {steps#} steps the loss is {loss}, as without looking at the input " +
          "({start}), and the accuracy {accuracy%}: the fraction of the most frequent class, " +
          "{most%}.",
        byHeart:
          "The training loss falls to {loss}, but on other examples the loss was never below " +
          "{validation}; {start} is reached without looking at the input. Labels seem to be " +
          "learnt by heart.",
      },
      tip: {
        stays:
          "Print ten inputs with their labels and look at them: were they shuffled apart, or " +
          "shifted by one?",
        same:
          "Print ten inputs with their labels and look at them; weigh rare classes more " +
          "(classWeights).",
        byHeart:
          "Print ten inputs with their labels and look at them: were they shuffled apart, or " +
          "shifted by one?",
      },
    },
    overfitting: {
      title: "Overfitting",
      meaning:
        "The validation loss was lowest in epoch {best#} ({lowest}); in epoch {epoch#} it is " +
        "{validation}, {rise%} higher, while the training loss fell to {loss}.",
      tip: "Stop at the best epoch (earlyStopping), and use more data, dropout or weight decay.",
    },
    underfitting: {
      title: "Underfitting",
      meaning: {
        both:
          "In epoch {epoch#} the training loss rests at {loss}, {fraction%} of what is " +
          "reached without looking at the input ({start}); the validation loss is " +
          "{validation}.",
        train:
          "In epoch {epoch#} the training loss rests at {loss}, {fraction%} of what is " +
          "reached without looking at the input ({start}).",
      },
      tip: "Give the network more units or layers, and less regularization.",
    },
    batchNormStatistics: {
      title: "Batch norm's running statistics are not those of the batches",
      meaning: {
        momentum:
          "{layer} normalizes with mean {mean} and standard deviation {std} outside training; " +
          "batches have {batchMean} and {batchStd}. With a momentum of {momentum}, {left%} of " +
          "the start is left after {steps#} steps. The validation loss is {validation}, the " +
          "training loss {loss}.",
        other:
          "{layer} normalizes with mean {mean} and standard deviation {std} outside training; " +
          "batches have {batchMean} and {batchStd}. The validation loss is {validation}, the " +
          "training loss {loss}.",
      },
      tip: {
        momentum: "Use batchNorm({ momentum: 0.9 }), or train for more steps.",
        other: "Let validation data be made as training data is, and train with larger batches.",
      },
    },
    batchNotLearnt: {
      title: {
        stays: "The network learns nothing of a single batch",
        rests: "One batch could not be learnt by heart",
        other: "One batch could not be learnt by heart",
      },
      meaning: {
        stays:
          "In {steps#} steps on the same batch the loss went from {first} to {last}, and it is " +
          "not falling. Any network that can learn lowers the loss of one batch.",
        rests:
          "In {steps#} steps on the same batch the loss went from {first} to {last}, where it " +
          "rests. A network with enough units can learn one batch by heart, unless the same " +
          "input occurs with different targets.",
      },
      tip: {
        stays:
          "Look for a mistake before training: in the loss, the last layer, the initial " +
          "values, or a learning rate that is too low or too high.",
        rests:
          "Try more units and less regularization, and half and twice the learning rate; look " +
          "at the examples of one batch with their targets.",
      },
    },
  },
};
