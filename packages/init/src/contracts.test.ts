import { everyExport, initSuite } from "@tenon/testkit";
import * as init from "./index.js";
import { initFromJSON } from "./index.js";

const fromJSON = initFromJSON;
const all = {
  zeros: init.zeros(),
  ones: init.ones(),
  constant: init.constant({ value: -0.25 }),
  uniform: init.uniform(),
  normal: init.normal(),
  truncatedNormal: init.truncatedNormal(),
  varianceScaling: init.varianceScaling(),
  lecunUniform: init.lecunUniform(),
  lecunNormal: init.lecunNormal(),
  glorotUniform: init.glorotUniform(),
  glorotNormal: init.glorotNormal(),
  heUniform: init.heUniform(),
  heNormal: init.heNormal(),
  fanInNormal: init.fanInNormal(),
  fanInUniform: init.fanInUniform(),
  widthNormal: init.widthNormal(),
  orthogonal: init.orthogonal(),
};

for (const [name, initializer] of Object.entries(all)) initSuite(name, initializer, { fromJSON });
const matrices = [
  [4, 3],
  [3, 4],
  [1, 1],
  [64, 10],
];
initSuite("identity", init.identity(), { fromJSON, shapes: matrices });
initSuite("sparse", init.sparse({ sparsity: 0.3 }), { fromJSON, shapes: matrices });
initSuite("dirac", init.dirac(), {
  fromJSON,
  shapes: [
    [3, 3, 2, 4],
    [5, 4, 4],
    [1, 1, 1],
  ],
});

everyExport(init, [...Object.keys(all), "identity", "sparse", "dirac"], {
  besides: ["fans", "gain", "initFromJSON"],
  add: "call initSuite with an init that it makes in packages/init/src/contracts.test.ts",
});
