/** ts-jest's advice to set isolatedModules, which would also turn the type errors off that the project `types` is for. */
const ADVICE = 151002

/** @type {(tsconfig: string) => import('jest').Config['transform']} */
const typescript = (tsconfig) => ({
  '^.+\\.ts$': ['ts-jest', { tsconfig: `<rootDir>/${tsconfig}`, diagnostics: { ignoreCodes: [ADVICE] } }],
})

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      displayName: 'unit',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/spec/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/spec/integration/', '<rootDir>/spec/types/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      transform: typescript('tsconfig.json'),
    },
    {
      displayName: 'types',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/spec/types/**/*.spec.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      transform: typescript('tsconfig.types.json'),
    },
    {
      displayName: 'integration',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/spec/integration/**/*.spec.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
      transform: typescript('tsconfig.json'),
      // One broker for all of them: started before the first and ended after the last.
      globalSetup: '<rootDir>/spec/integration/setup.ts',
      globalTeardown: '<rootDir>/spec/integration/teardown.ts',
    },
  ],
}
