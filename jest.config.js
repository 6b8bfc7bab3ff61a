/** ts-jest's advice to set isolatedModules, which would also turn the type errors off that the project `types` is for. */
const ADVICE = 151002

/** Types are checked before, by `tsc`: see scripts/jest/typescript.cjs. */
const stripped = { '^.+\\.ts$': '<rootDir>/scripts/jest/typescript.cjs' }

/**
 * RxJS as the one file that it brings, and not as the 223 of which `require('rxjs')` is made: each suite has modules of its own, and to load them is
 * most of what a short one does. The integration suites load it as users do.
 */
const bundledRxjs = {
  '^rxjs$': '<rootDir>/node_modules/rxjs/dist/bundles/rxjs.umd.js',
  '^rxjs/testing$': '<rootDir>/scripts/jest/rxjs-testing.cjs',
}

/** @type {import('jest').Config} */
module.exports = {
  // Of two cores jest would use one: the parent waits for its workers most of the time.
  maxWorkers: '100%',
  projects: [
    {
      displayName: 'unit',
      testEnvironment: '<rootDir>/scripts/jest/compile-once.cjs',
      testMatch: ['<rootDir>/spec/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/spec/integration/', '<rootDir>/spec/types/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      transform: stripped,
      moduleNameMapper: bundledRxjs,
    },
    {
      displayName: 'types',
      testEnvironment: '<rootDir>/scripts/jest/compile-once.cjs',
      testMatch: ['<rootDir>/spec/types/**/*.spec.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      // The specs alone: `tsc` has checked what they load.
      transform: {
        '/spec/types/.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.types.json', diagnostics: { ignoreCodes: [ADVICE] } }],
        ...stripped,
      },
    },
    {
      displayName: 'integration',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/spec/integration/**/*.spec.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      transform: stripped,
      runner: '<rootDir>/scripts/jest/one-at-a-time.cjs',
      // One broker for all of them: started before the first and ended after the last.
      globalSetup: '<rootDir>/spec/integration/setup.ts',
      globalTeardown: '<rootDir>/spec/integration/teardown.ts',
    },
  ],
}
