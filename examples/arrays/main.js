// An optimizer on your own arrays: a table of ratings is factored into a vector for each person and
// one for each film. The gradients are computed here, by hand; the package only makes the steps.
import { adam, chain, clipByGlobalNorm, onArrays } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { cosineDecay } from "@tenon/schedulers";

const films = ["Alien", "Brazil", "Clueless", "Dune", "Emma", "Fargo"];
const ratings = [
  // 1 to 5; 0: not seen
  [5, 4, 1, 5, 0, 4],
  [4, 0, 1, 5, 2, 0],
  [1, 2, 5, 0, 5, 2],
  [0, 1, 4, 2, 5, 0],
  [5, 5, 0, 4, 1, 5],
  [2, 0, 5, 1, 4, 1],
];
const [width, steps] = [2, 400];

const rng = random(1);
const vectors = (n) => Float32Array.from({ length: n * width }, () => uniform(rng, 0.5, 1.5));
const weights = { people: vectors(ratings.length), films: vectors(films.length) };
const rule = chain(clipByGlobalNorm(5), adam({ learningRate: cosineDecay({ start: 0.1, steps }) }));
const optimizer = onArrays(rule, weights); // changes the arrays in place

/** The rating that the vectors give for a person and a film: their inner product. */
function predicted(person, film) {
  let sum = 0;
  for (let k = 0; k < width; k++)
    sum += weights.people[person * width + k] * weights.films[film * width + k];
  return sum;
}

let error = 0;
for (let step = 0; step < steps; step++) {
  const gradients = { people: vectors(6).fill(0), films: vectors(6).fill(0) };
  let [sum, seen] = [0, 0];
  ratings.forEach((row, person) =>
    row.forEach((rating, film) => {
      if (rating === 0) return;
      const difference = predicted(person, film) - rating; // of the loss difference² / 2
      for (let k = 0; k < width; k++) {
        gradients.people[person * width + k] += difference * weights.films[film * width + k];
        gradients.films[film * width + k] += difference * weights.people[person * width + k];
      }
      [sum, seen] = [sum + difference ** 2, seen + 1];
    }),
  );
  error = Math.sqrt(sum / seen);
  if (step % 100 === 0) console.log(`step ${step}: the ratings are off by ${error.toFixed(3)}`);
  optimizer.step(gradients);
}
console.log(`at the end: off by ${error}`);
console.log(`person 1 would give ${films[4]} ${predicted(0, 4).toFixed(1)} of 5`);
