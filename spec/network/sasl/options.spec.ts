import { inspect } from 'node:util'
import { mechanismOn, saslProblems } from '../../../lib/network/sasl/options'
import type { SaslOptions } from '../../../lib/network/sasl/options'
import { virtualTime } from '../../support/virtual-time'

const own = { name: 'AWS_MSK_IAM', begin: () => () => ({ type: 'done' as const }) }

describe('options of SASL', () => {
  const right: readonly SaslOptions[] = [
    { mechanism: 'PLAIN', username: 'alice', password: 'secret' },
    { mechanism: 'SCRAM-SHA-256', username: 'alice', password: () => 'secret' },
    { mechanism: 'SCRAM-SHA-512', username: 'alice', password: () => Promise.resolve('secret') },
    { mechanism: 'OAUTHBEARER', token: () => 'abc', extensions: { pool: 'p' } },
    { mechanism: own },
  ]

  it('make the mechanism that they name', () => {
    const { clock } = virtualTime()
    expect(right.flatMap(saslProblems)).toEqual([])
    expect(right.map((options) => mechanismOn(options)(clock).name)).toEqual([
      'PLAIN',
      'SCRAM-SHA-256',
      'SCRAM-SHA-512',
      'OAUTHBEARER',
      'AWS_MSK_IAM',
    ])
  })

  it.each([
    ['hunter2', ['sasl: an object with a mechanism expected']],
    [null, ['sasl: an object with a mechanism expected']],
    [{}, ['sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or { name, begin } expected']],
    [{ mechanism: 'plain' }, ['sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or { name, begin } expected']],
    [{ mechanism: 'toString' }, ['sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or { name, begin } expected']],
    [{ mechanism: { name: 'X' } }, ['sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or { name, begin } expected']],
    [{ mechanism: 'PLAIN' }, ['sasl.username: a text expected', 'sasl.password: a text expected, or a function that gives one']],
    [{ mechanism: 'PLAIN', username: 'a', password: 'hunter2\0' }, ['sasl.password: a text expected, or a function that gives one']],
    [{ mechanism: 'PLAIN', username: 'a', password: 'b', token: 'c' }, ['sasl.token: there is no such option of this mechanism']],
    [{ mechanism: 'OAUTHBEARER', token: 'hunter2' }, ['sasl.token: a function expected that gives a token']],
    [
      { mechanism: 'OAUTHBEARER', token: () => '', extensions: { auth: 'x', 'a-b': 'c', d: 'é' } },
      [
        'sasl.extensions.auth: is the name of the token itself',
        'sasl.extensions.a-b: a name of letters expected',
        'sasl.extensions.d: printable ASCII expected',
      ],
    ],
    [{ mechanism: 'OAUTHBEARER', token: () => '', extensions: 'x' }, ['sasl.extensions: an object of texts expected']],
  ])('are named when they are wrong, without their values: case %#', (given, problems) => {
    expect(saslProblems(given)).toEqual(problems)
    expect(problems.join()).not.toContain('hunter2')
  })

  it('hide the secret in what they make', () => {
    const { clock } = virtualTime()
    for (const options of right) {
      const made = mechanismOn(options)
      const shown = [made, made(clock)].map((each) => inspect(each, { depth: Infinity, showHidden: true }) + JSON.stringify(each))
      expect(shown.join()).not.toContain('secret')
    }
  })
})
