import type { FindingText } from "../../texts.js";

// What is wrong before the first step: with the loss, the data, or the initial values.

export const lossDoesNotFit: FindingText = {
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
      "Targets lie between {min} and {max}; {layer} ({type}) cannot give all of these " + "values.",
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
};

export const batchNormOfOne: FindingText = {
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
};

export const labelsOutOfRange: FindingText = {
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
};

export const missingClass: FindingText = {
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
};

export const constantInputs: FindingText = {
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
};

export const unscaledInputs: FindingText = {
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
      "Scale inputs to mean 0 and standard deviation 1 (standardize). Are they divided " + "twice?",
    unequal: "Give each feature mean 0 and standard deviation 1 (standardize).",
    offCentre: "Subtract each feature's mean and divide by its standard deviation (standardize).",
    targets:
      "Subtract the mean of the targets and divide by their standard deviation; scale the " +
      "answers of the network back.",
  },
};

export const initialValuesTooLarge: FindingText = {
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
};

export const initialValuesTooSmall: FindingText = {
  title: "Initial values are too small",
  meaning:
    "Each layer shrinks what it is given, {layer} to {gain} of it. Gradients, which pass " +
    "the other layers, are multiplied by {product} at most: no layer can begin to learn.",
  tip: "Use heNormal (with ReLU) or glorotUniform (with tanh or sigmoid) for the kernels.",
};

export const equalUnits: FindingText = {
  title: "Units that are all the same",
  meaning:
    "The kernel of {layer} begins with {value} everywhere, that of {next} with {nextValue}. " +
    "So the {units#} units of {layer} give the same and get the same gradient: they stay " +
    "the same, as if there were one.",
  tip: "Draw the kernels' initial values at random: heNormal (with ReLU) or glorotUniform.",
};
