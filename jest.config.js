const { existsSync } = require('node:fs')
const { join } = require('node:path')

/** ts-jest's advice to set isolatedModules, which would also turn the type errors off that the project `types` is for. */
const ADVICE = 151002

/** @type {(tsconfig: string) => import('jest').Config['transform']} */
const typescript = (tsconfig) => ({
  '^.+\\.ts$': ['ts-jest', { tsconfig: `<rootDir>/${tsconfig}`, diagnostics: { ignoreCodes: [ADVICE] } }],
})

/** The broker that all integration specs share is started before the first of them and ended after the last. */
const broker = Object.fromEntries(
  [
    ['globalSetup', 'spec/integration/setup.ts'],
    ['globalTeardown', 'spec/integration/teardown.ts'],
  ]
    .filter(([, file]) => existsSync(join(__dirname, file)))
    .map(([option, file]) => [option, `<rootDir>/${file}`]),
)

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
      ...broker,
    },
  ],
}
