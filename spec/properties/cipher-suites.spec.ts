import { getCiphers } from 'node:tls'
import { cipherSuites } from '../../lib/properties/cipher-suites'

const NAMES = [
  ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384'],
  ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ECDHE-RSA-AES256-SHA384'],
  ['TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 'DHE-RSA-AES128-SHA'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA256', 'AES256-SHA256'],
] as const

describe('cipher suites', () => {
  it.each(NAMES)('%s is %s in OpenSSL, and Node has it', (java, openSsl) => {
    expect(cipherSuites(java)).toEqual({ value: openSsl })
    expect(getCiphers()).toContain(openSsl.toLowerCase())
  })

  it('are a list', () => {
    expect(cipherSuites('TLS_AES_128_GCM_SHA256 , TLS_RSA_WITH_AES_128_GCM_SHA256,')).toEqual({
      value: 'TLS_AES_128_GCM_SHA256:AES128-GCM-SHA256',
    })
  })

  it.each(['SSL_RSA_WITH_RC4_128_MD5', 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV', 'ECDHE-RSA-AES128-GCM-SHA256'])(
    'that OpenSSL has not under such a name are refused: %s',
    (name) => {
      expect(cipherSuites(`TLS_AES_128_GCM_SHA256,${name}`)).toEqual({ expected: expect.stringContaining(`not ${name}`) })
    },
  )
})
