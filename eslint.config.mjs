import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import comments from '@eslint-community/eslint-plugin-eslint-comments/configs'
import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const clock = 'Take a Clock (lib/time.ts): only then does the producer run in virtual time, and a failing run replay from its seed.'
const timer = `${clock} It schedules, yields and cancels.`
const seeded = 'Take random from a Clock (lib/time.ts), so that a failing run replays from its seed.'

const timersOfRxjs = [
  'auditTime',
  'bufferTime',
  'debounceTime',
  'delay',
  'interval',
  'sampleTime',
  'throttleTime',
  'timeInterval',
  'timeout',
  'timer',
  'timestamp',
  'windowTime',
]
const schedulersOfRxjs = ['animationFrameScheduler', 'asapScheduler', 'asyncScheduler', 'queueScheduler']

/** Bans that hold everywhere, each with what to do instead. */
const bansEverywhere = [
  { selector: 'TSAnyKeyword', message: '`any` switches the checks off for all it touches: `unknown` with a guard, or a type parameter.' },
  {
    selector: 'TSNonNullExpression',
    message: '`!` is a claim that nobody checks: narrow it, or throw an error that says what was expected.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'A default export has a different name in every importer: export by name.' },
  { selector: 'TSEnumDeclaration', message: 'An enum is code and a type at once: a union of literals, or a const object.' },
  {
    selector: "CallExpression[callee.property.name='removeAllListeners'][arguments.length=0]",
    message: 'It also removes the error listener, and the next error ends the process: name the event, or the listener.',
  },
]

/** Bans on the clock, for all of lib/ but its one seam. */
const bansOnClocks = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
  { selector: "CallExpression[callee.name='Date']", message: clock },
  {
    selector:
      "MemberExpression[object.name='globalThis'][property.name=/^(set(Timeout|Interval|Immediate)|queueMicrotask|performance|Date|Math)$/]",
    message: clock,
  },
]

/** Bans for lib/ without its testing, whose objects are looked at by people and not for every record. */
const bansOnSlowObjects = [
  {
    selector: "ObjectExpression > Property[kind='get']",
    message:
      'V8 keeps an object literal with a getter as a dictionary, and looks up all that is read of it: give it a method, or make it a class.',
  },
]

const bansOnReExports = ['ExportAllDeclaration', 'ExportNamedDeclaration[source]'].map((selector) => ({
  selector,
  message: 'Re-exports live in lib/index.ts and lib/entries/ alone: import a name from the file that declares it.',
}))

/** An import of a folder hides which file is meant. */
const noFolderImport = {
  meta: { type: 'problem', schema: [], messages: { folder: "'{{from}}' is a folder: name the file." } },
  create: (context) => {
    const check = ({ source }) => {
      if (!source || !String(source.value).startsWith('.')) return
      const path = resolve(dirname(context.filename), source.value)
      if (existsSync(`${path}.ts`) && !/(^|\/)\.{0,2}\/?$/.test(source.value)) return
      if (existsSync(path) && statSync(path).isDirectory())
        context.report({ node: source, messageId: 'folder', data: { from: source.value } })
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check }
  },
}

/** The strict set, less what is noise in code that handles bytes and streams. */
const typescript = {
  '@typescript-eslint/no-explicit-any': 'off', // see bansEverywhere, which says what to do instead
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-confusing-void-expression': 'off', // `return reject(…)` is a sentence
  '@typescript-eslint/no-meaningless-void-operator': 'off',
  '@typescript-eslint/no-invalid-void-type': 'off', // Observable<void> and Subject<void> are how Rx says "a signal"
  '@typescript-eslint/unbound-method': 'off', // our objects are closures, though their interfaces use the short form of methods
  '@typescript-eslint/no-unnecessary-condition': 'off', // wrong wherever an index may be out of range: the types do not say so
  '@typescript-eslint/no-unnecessary-type-parameters': 'off', // contexts are passed through, named once
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
}

const shape = {
  'max-params': ['error', 4],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
}

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'coverage/', '.cache/', 'lib/generated/', 'scripts/package-check/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  comments.recommended,
  {
    rules: {
      '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      '@eslint-community/eslint-comments/no-unlimited-disable': 'error',
      '@eslint-community/eslint-comments/disable-enable-pair': ['error', { allowWholeFile: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...bansEverywhere],
      ...shape,
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { kafkarx: { rules: { 'no-folder-import': noFolderImport } } },
    rules: { ...typescript, 'kafkarx/no-folder-import': 'error' },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Of all conditions it refuses those that can never be false: a function whose call was forgotten.
      '@typescript-eslint/strict-boolean-expressions': [
        'error',
        { allowNullableBoolean: true, allowNullableString: true, allowNullableNumber: true, allowNullableEnum: true, allowAny: true },
      ],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...bansEverywhere, ...bansOnClocks, ...bansOnReExports, ...bansOnSlowObjects],
      'no-restricted-globals': [
        'error',
        { name: 'performance', message: clock },
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({ name, message: timer })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clock },
        { object: 'process', property: 'nextTick', message: timer },
        { object: 'process', property: 'hrtime', message: clock },
        { object: 'Math', property: 'random', message: seeded },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'rxjs', importNames: schedulersOfRxjs, message: clock },
            { name: 'rxjs', importNames: timersOfRxjs, message: `${clock} RxJS's own would run in real time.` },
          ],
        },
      ],
    },
  },
  {
    files: ['lib/testing/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bansEverywhere, ...bansOnClocks, ...bansOnReExports] },
  },
  {
    files: ['lib/time.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...bansEverywhere, ...bansOnReExports],
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
    },
  },
  { files: ['lib/index.ts', 'lib/entries/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...bansEverywhere, ...bansOnClocks] } },
  { files: ['lib/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // A describe block is a list, not a function; a matcher and a parsed file are of any type by nature.
    files: ['spec/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Jest takes the default export of these and nothing else.
    files: ['spec/**/setup.ts', 'spec/**/teardown.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bansEverywhere.filter(({ selector }) => selector !== 'ExportDefaultDeclaration')] },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', module: 'writable', process: 'readonly', require: 'readonly', __dirname: 'readonly' },
    },
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.cjs', 'jest.config.js'], languageOptions: { sourceType: 'commonjs' } },
)
