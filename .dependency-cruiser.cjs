// The layers of lib/, lowest first: a file may import its own layer and the ones above it in this list. Type imports count.
// Think hard before changing the order: it is the order in which the code can be read, tested and thrown away.
const layers = [
  'errors\\.ts$',
  'wire/',
  'generated/',
  'record\\.ts$',
  'events\\.ts$',
  'fifo\\.ts$',
  'alarm\\.ts$',
  'time\\.ts$',
  '(protocol|batch|partitioners|serializers)/',
  'network/',
  'config/',
  'config\\.ts$',
  'properties/',
  'cluster/',
  'identity/',
  'pipeline/',
  'producer\\.ts$',
  'doctor/',
  'testing/',
  '(index\\.ts$|entries/)',
  'cli/',
]

/** The rooms without IO and without Rx: bytes and values in, bytes and values out; the time is an argument. */
const pure = ['protocol', 'batch', 'partitioners', 'serializers']

/** Optional peers: asked for when they are first needed. */
const codecs = ['snappy', 'lz4-napi', '@toondepauw/node-zstd']

const inLib = (layer) => `^lib/${layer}`
const npmPackage = (name) => `(^|/)node_modules/${name}/`
const coreModule = (names) => `^(node:)?(${names})$`

/** A rule: files that match `from` must not import what matches `to`. The comment is printed with each violation. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const strayFile = 'A file of lib/ must stand in a layer of the list above.'

const upward = layers
  .slice(0, -1)
  .map((layer, i) =>
    forbid(
      `no-upward-import: ${layer}`,
      'A lower layer must not know a higher one: move what is shared down, or pass it in.',
      { path: inLib(layer) },
      { path: layers.slice(i + 1).map(inLib) },
    ),
  )

const pureRooms = pure.map((room) =>
  forbid(
    `pure-rooms-apart: ${room}`,
    'The pure rooms do not know each other: whoever needs two of them composes them from above.',
    { path: inLib(`${room}/`) },
    { path: pure.filter((other) => other !== room).map((other) => inLib(`${other}/`)) },
  ),
)

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle has no lowest file to start reading from.', {}, { circular: true }),
    forbid('no-unresolvable', 'The import leads nowhere.', { path: '^(lib|codegen)/' }, { couldNotResolve: true }),
    forbid('every-file-has-a-layer', strayFile, { path: '^lib/', pathNot: layers.map(inLib) }, {}),
    forbid('every-imported-file-has-a-layer', strayFile, {}, { path: '^lib/', pathNot: layers.map(inLib) }),
    ...upward,
    ...pureRooms,
    forbid(
      'generated-knows-only-wire',
      'Generated codecs run on the reader and the writer alone.',
      { path: inLib('generated/') },
      { pathNot: [inLib('generated/'), inLib('wire/')] },
    ),
    forbid(
      'no-rx-below-network',
      'What is pure stays free of Rx, so that a door for another Observable is a thin file.',
      { path: [...pure.map((room) => inLib(`${room}/`)), inLib('(wire|generated)/'), inLib('(errors|record|events)\\.ts$')] },
      { path: npmPackage('rxjs') },
    ),
    forbid(
      'no-io-in-pure-rooms',
      'No IO here: only batch/compression may touch a module of Node.',
      { path: pure.map((room) => inLib(`${room}/`)), pathNot: inLib('batch/compression/') },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'sockets-live-in-the-transports',
      'Everything else takes a Transport (lib/network/transport.ts).',
      { path: '^lib/', pathNot: inLib('(network/(dial|names|tcp|tls)|testing/listen)\\.ts$') },
      { path: coreModule('net|tls') },
    ),
    forbid(
      'codecs-live-in-compression',
      'Codecs are chosen in one place.',
      { path: '^lib/', pathNot: inLib('batch/compression/') },
      { path: [coreModule('zlib'), ...codecs.map(npmPackage)] },
    ),
    forbid(
      'timers-live-in-time',
      'Everything that waits or looks at the time takes a Clock (lib/time.ts).',
      { path: '^lib/', pathNot: inLib('time\\.ts$') },
      { path: coreModule('timers|timers/promises|perf_hooks') },
    ),
    forbid(
      'main-entry-without-test-kit',
      'Users of the producer do not load the in-process cluster.',
      { path: inLib('(index|entries/protocol)\\.ts$') },
      { path: inLib('testing/') },
    ),
    forbid(
      'protocol-entry-without-producer',
      'kafkarx/protocol is for people who only want the bytes.',
      { path: inLib('entries/protocol\\.ts$') },
      {
        path: [inLib('(network|config|properties|cluster|identity|pipeline)/'), inLib('(time|config|producer)\\.ts$'), npmPackage('rxjs')],
      },
    ),
    forbid(
      'cli-is-a-user',
      'The command uses the package as anybody does: through its entry points.',
      { path: inLib('cli/') },
      { path: '^lib/', pathNot: inLib('(cli/|index\\.ts$|entries/)') },
    ),
    forbid(
      'only-published-packages',
      'lib/ imports dependencies that its users have, not development ones.',
      { path: '^lib/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: ['rxjs', ...codecs].map(npmPackage) },
    ),
    forbid(
      'codegen-apart',
      'The generator knows the reader and the writer by name only.',
      { path: '^codegen/' },
      { path: '^(lib|spec|kafka|demo|bench|scripts)/' },
    ),
    forbid(
      'lib-knows-only-itself',
      'What is published must not reach into what is not.',
      { path: '^lib/', pathNot: inLib('cli/codegen') },
      { path: '^(codegen|spec|kafka|demo|bench|scripts|examples|schemas)/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|scripts/package-check)/' },
  },
}
