// `rxjs/testing` out of the one file into which RxJS bundles itself: see jest.config.js.
module.exports = require('rxjs').testing
