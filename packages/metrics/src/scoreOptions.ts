/**
 * Whether there are two classes, decided by one value and a threshold, or several, decided by the
 * largest prediction: of equal ones the first, as argmax has it; Keras' F scores then count each of
 * them.
 */
export interface ScoreOptions {
  /**
   * How many classes predictions [n, classes] are for. @defaultValue none: predictions and targets
   * 0 or 1 of one shape
   */
  readonly classes?: number;
  /**
   * How the classes' scores become one: each class counts the same, all examples are pooled, or
   * classes count by how many examples they have. @defaultValue "macro"
   */
  readonly average?: "macro" | "micro" | "weighted";
  /**
   * The score of this class alone, instead of an average; the metric is then called `recallOf3`,
   * for instance. @defaultValue none
   */
  readonly label?: number;
  /**
   * Above it a prediction is of class 1; only without classes. Logits have theirs at 0.
   * @defaultValue 0.5
   */
  readonly threshold?: number;
}
