import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tlsOptionProblems } from '../../lib/network/tls-options'
import { authority } from '../support/certificates'

const ours = authority('Our authority')
const { cert, key } = ours.issue('alice')
const BEGIN = '-----BEGIN'

describe('options of TLS', () => {
  it('have no problem when they are right', () => {
    const all = { ca: [ours.cert, Buffer.from(cert)], cert, key, servername: 'a', rejectUnauthorized: true, checkServerIdentity: false }
    expect(tlsOptionProblems(true)).toEqual([])
    expect(tlsOptionProblems({})).toEqual([])
    expect(tlsOptionProblems({ ...all, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' })).toEqual([])
  })

  it.each([
    ['yes', ['tls: true, false, or an object expected']],
    [[cert], ['tls: true, false, or an object expected']],
    [{ cafile: 'x' }, ['tls.cafile: there is no such option']],
    [{ minVersion: 'TLSv1.1' }, ["tls.minVersion: 'TLSv1.2' or 'TLSv1.3' expected"]],
    [{ rejectUnauthorized: 'no' }, ['tls.rejectUnauthorized: true or false expected']],
    [
      { checkServerIdentity: 1, servername: '' },
      ['tls.checkServerIdentity: true, false or a function expected', 'tls.servername: a text expected'],
    ],
    [{ ca: [] }, ['tls.ca: PEM text, its bytes, the path of a PEM file, or a list of these expected']],
    [{ cert }, ['tls.key: expected together with tls.cert']],
    [{ key }, ['tls.cert: expected together with tls.key']],
    [{ passphrase: 'p' }, ['tls.passphrase: opens tls.key, which is not given']],
    [{ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, ['tls.maxVersion: below tls.minVersion']],
  ])('are named when they are wrong: case %#', (given, problems) => {
    expect(tlsOptionProblems(given)).toEqual(problems)
  })

  it('say which file is missing, or is no PEM', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkarx-pem-'))
    const [missing, empty] = [join(folder, 'missing.pem'), join(folder, 'empty.pem')]
    writeFileSync(empty, '')
    try {
      expect(tlsOptionProblems({ ca: missing })).toEqual([`tls.ca: the file ${missing} (ENOENT)`])
      expect(tlsOptionProblems({ ca: empty })).toEqual([`tls.ca: what is there is no PEM: it has no line that starts with ${BEGIN}`])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('say that a certificate, a key or its passphrase does not fit, and show nothing of it', () => {
    const secret = ours.issue('alice', { passphrase: 'open sesame' })
    const wrong = [
      { ca: `${BEGIN} CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----` },
      { cert, key: ours.issue('bob').key },
      { cert: secret.cert, key: secret.key, passphrase: 'guess' },
      { cert: secret.cert, key: secret.key },
      { cert, key: key.replace(/-----.*-----\n/g, '') },
      { ciphers: 'NO_SUCH_CIPHER' },
    ]
    for (const options of wrong) {
      const problems = tlsOptionProblems(options)
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(/^tls/)
      expect(problems[0]).not.toMatch(/c2VjcmV0|guess|sesame|MIG/)
    }
  })
})
