// Versions are in lockstep, so that the other packages' are not told.
const { default: base } = require("@changesets/cli/changelog");

module.exports = {
  getReleaseLine: base.getReleaseLine,
  getDependencyReleaseLine: async () => "",
};
