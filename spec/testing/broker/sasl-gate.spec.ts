import type { ApiName } from '../../../lib/generated/apis'
import { mayAsk } from '../../../lib/testing/broker/sasl-gate'
import type { Session } from '../../../lib/testing/broker/session'
import { settingsOf } from '../../../lib/testing/settings'

const session: Session = { id: 1, listener: 'memory', principal: null, software: null }

const may = (api: ApiName, users: Readonly<Record<string, string>> | undefined) =>
  mayAsk({ api, session, at: 0 }, { ...settingsOf({}), users })

describe('the gate', () => {
  it('stands open where nobody has to log in', () => {
    expect([may('Produce', undefined), may('SaslAuthenticate', undefined)]).toEqual([true, true])
  })

  it('lets only a login through where everybody has to', () => {
    const users = { alice: 'secret' }

    expect([may('ApiVersions', users), may('SaslHandshake', users), may('Produce', users)]).toEqual([true, true, false])
  })
})
