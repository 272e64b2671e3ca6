/** The works: layers between the image and ten logits, and the images of a batch. */
export const works = {
  W1: { batch: 128, hidden: [128] },
  W2: { batch: 128, hidden: [512, 256] },
  W3: { batch: 64, convolutions: [32, 64], dropout: 0.5 },
};

export const learningRate = 1e-3;
