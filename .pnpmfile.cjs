// What is published holds nothing that only this repository needs.
module.exports = {
  hooks: {
    beforePacking({ devDependencies: _, scripts: __, ...manifest }) {
      return manifest;
    },
  },
};
