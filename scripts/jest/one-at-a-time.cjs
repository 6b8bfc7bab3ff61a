// Runs the suites of a project one after another, when those of the other projects are through: suites that share a real broker, and that
// measure how long it takes, are not to compete for the cores with anything else.
const { default: TestRunner } = require('jest-runner')

module.exports = class OneAtATime extends TestRunner {
  isSerial = true
}
