import type { Texts } from "../texts.js";

export const en: Texts = {
  severities: { error: "error", warning: "warning", hint: "hint" },
  words: { tip: "try first", reference: "see", cause: "because of" },
  places: {},
  findings: {
    lossDoesNotFit: {
      title: {
        oneOutput: "A cross entropy with a single output",
        softmax: "Softmax before a cross entropy of logits",
        sigmoid: "Sigmoid before a cross entropy of logits",
        bounded: "Logits that cannot leave a range",
        outOfReach: "Targets that the last layer cannot reach",
        other: "Loss and last layer do not fit",
      },
      meaning: {
        oneOutput:
          "The network has one output. The softmax of one value is 1, so the loss is 0 and " +
          "there is no gradient.",
        softmax:
          "{loss} takes logits and applies the softmax itself; {layer} applies one before it. " +
          "Probabilities are taken for logits: with {classes#} classes the loss cannot fall " +
          "below {least}, and gradients are small.",
        sigmoid:
          "{loss} takes logits and turns them into probabilities itself; {layer} does so " +
          "before it. Values between 0 and 1 are taken for logits, so no answer can be " +
          "certain.",
        bounded:
          "{loss} takes logits, any number; {layer} ({type}) gives values of a limited range " +
          "only, which excludes many answers.",
        outOfReach:
          "Targets lie between {min} and {max}; {layer} ({type}) cannot give all of these " +
          "values.",
      },
      tip: {
        oneOutput:
          "Use binaryCrossEntropy with this one output, or give the last layer one output for " +
          "each class.",
        softmax:
          "Leave out {layer}: end with the dense layer, and apply a softmax only to show " +
          "probabilities.",
        sigmoid:
          "Leave out {layer}: end with the dense layer, and apply a sigmoid only to show " +
          "probabilities.",
        bounded: "Leave out {layer}: let the network end with the dense layer.",
        outOfReach: "Leave out {layer}, or scale the targets into its range.",
      },
    },
    batchNormOfOne: {
      title: "Batch norm over a batch of one",
      meaning: {
        one:
          "{layer} normalizes over a batch of one example: the mean is the value itself, the " +
          "standard deviation 0. Its output is the same for every input.",
        oneImage:
          "{layer} normalizes over a batch of one example, {values#} values of each channel: " +
          "its statistics are those of this one example, not of the data.",
        last:
          "The last batch of an epoch has one example. {layer} gives the same output for it " +
          "whatever it is, and its running statistics are disturbed.",
      },
      tip: {
        one: "Use a batch size of 16 or more, or layerNorm instead of batchNorm.",
        oneImage: "Use a batch size of 16 or more, or groupNorm instead of batchNorm.",
        last: "Drop the last batch (dropLast: true), or use another batch size.",
      },
    },
    labelsOutOfRange: {
      title: {
        fromOne: "Labels are counted from 1",
        binary: "Targets that are no probabilities",
        other: "Labels that are no class",
      },
      meaning: {
        binary:
          "Targets lie between {min} and {max}. A binary cross entropy takes probabilities, " +
          "from 0 to 1: for other targets it has no minimum.",
        other:
          "Labels lie between {min} and {max}. With {classes#} outputs they must be whole " +
          "numbers from 0 to {largest#}.",
      },
      tip: {
        binary: "Make the targets 0 and 1: subtract the smaller label, or map −1 to 0.",
        fromOne: "Subtract 1 from every label.",
        other: "Renumber the labels from 0, or give the network an output for each of them.",
      },
    },
    missingClass: {
      title: {
        whole: "A class that never occurs",
        read: "A class that did not occur",
        other: "A class that never occurs",
      },
      meaning: {
        whole:
          "Of {classes#} classes, {missing#} do not occur among the {examples#} training " +
          "examples: {labels}. The network can only learn never to answer with them.",
        read:
          "Of {classes#} classes, {missing#} did not occur in the {examples#} examples that " +
          "were read: {labels}. If they do not occur in the others either, the network can " +
          "only learn never to answer with them.",
      },
      tip:
        "Look at the labels as they are read: is one file missing, or are they numbered " +
        "differently? If not, use fewer outputs.",
    },
    constantInputs: {
      title: "Inputs that are all the same",
      meaning: {
        all:
          "In {examples#} training examples every one of {features#} features has the same " +
          "value: nothing distinguishes them.",
        most:
          "In {examples#} training examples {constant%} of {features#} features have the same " +
          "value throughout.",
        batch: "Every value of the input batch is {value}.",
      },
      tip:
        "Look at some examples as the network gets them: are they read, cast and scaled as " +
        "you think? Leave out features that are really constant.",
    },
    unscaledInputs: {
      title: {
        large: "Inputs are not scaled: too large",
        small: "Inputs are not scaled: too small",
        unequal: "Features of very different scales",
        offCentre: "Inputs are far from zero",
        targets: "Targets are not scaled",
        other: "Inputs are not scaled",
      },
      meaning: {
        large:
          "Inputs have mean {mean} and standard deviation {std}. Initial values and learning " +
          "rates are made for about 0 and 1: activations and gradients start {size} times too " +
          "large.",
        small:
          "Inputs have mean {mean} and standard deviation {std}. Initial values and learning " +
          "rates are made for about 0 and 1: the signal in the network is weak from the start.",
        unequal:
          "One feature's standard deviation is {ratio} times the median of the features'. A " +
          "learning rate that suits one of them is wrong for the others.",
        offCentre:
          "Features lie {ratio} standard deviations away from zero (mean {mean}): what they " +
          "have in common outweighs what distinguishes them.",
        targets:
          "Targets have mean {mean} and standard deviation {std}. Networks give values of " +
          "about 1 at first, and learning rates are made for targets of that size.",
      },
      tip: {
        large: "Scale inputs to mean 0 and standard deviation 1 (standardize), or bytes to [0, 1].",
        small:
          "Scale inputs to mean 0 and standard deviation 1 (standardize). Are they divided " +
          "twice?",
        unequal: "Give each feature mean 0 and standard deviation 1 (standardize).",
        offCentre:
          "Subtract each feature's mean and divide by its standard deviation (standardize).",
        targets:
          "Subtract the mean of the targets and divide by their standard deviation; scale the " +
          "answers of the network back.",
      },
    },
    initialValuesTooLarge: {
      title: "Initial values are too large",
      meaning: {
        loss:
          "The first loss is {loss}; about {expected} is usual before training. The network " +
          "starts with answers that are far too certain, and wrong.",
        lossOfLayer:
          "The first loss is {loss}; about {expected} is usual before training. {layer} makes its input {gain} times larger.",
        layer: "{layer} makes its input {gain} times larger; about 1 is right.",
      },
      tip:
        "Use heNormal (with ReLU) or glorotUniform (with tanh or sigmoid) for the kernels, " +
        "and zeros for the biases.",
    },
    initialValuesTooSmall: {
      title: "Initial values are too small",
      meaning:
        "Each layer shrinks what it is given, {layer} to {gain} of it. Gradients, which pass " +
        "the other layers, are multiplied by {product} at most: no layer can begin to learn.",
      tip: "Use heNormal (with ReLU) or glorotUniform (with tanh or sigmoid) for the kernels.",
    },
    equalUnits: {
      title: "Units that are all the same",
      meaning:
        "The kernel of {layer} begins with {value} everywhere, that of {next} with {nextValue}. " +
        "So the {units#} units of {layer} give the same and get the same gradient: they stay " +
        "the same, as if there were one.",
      tip: "Draw the kernels' initial values at random: heNormal (with ReLU) or glorotUniform.",
    },
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
        other: "At step {step#} the loss was no longer finite. The first that was not: {place}.",
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
