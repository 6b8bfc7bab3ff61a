import { changed, refuseChanges } from '../../../../lib/testing/state/configs/config-changes'
import type { ConfigChange } from '../../../../lib/testing/state/configs/config-changes'
import { isRefusal } from '../../../../lib/testing/state/refusal'
import { TOPIC_CONFIGS } from '../../../../lib/testing/state/configs/topic-config-facts'

const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3]

const change = (name: string, configOperation: number, value: string | null = null): ConfigChange => ({ name, configOperation, value })

const after = (own: Readonly<Record<string, string>>, ...changes: readonly ConfigChange[]) => {
  const values = changed(new Map(Object.entries(own)), changes, (name) => TOPIC_CONFIGS.get(name))
  return isRefusal(values) ? values.errorCode : Object.fromEntries(values)
}

describe('changes of settings', () => {
  it('set and delete', () => {
    expect(after({ 'retention.ms': '5' }, change('retention.ms', DELETE), change('segment.ms', SET, '7'))).toEqual({ 'segment.ms': '7' })
  })

  it('add to a list once, and take from it', () => {
    expect(after({}, change('cleanup.policy', APPEND, 'compact,delete,compact'))).toEqual({ 'cleanup.policy': 'delete,compact' })
    expect(after({ 'cleanup.policy': 'compact' }, change('cleanup.policy', SUBTRACT, 'delete,compact'))).toEqual({ 'cleanup.policy': '' })
  })

  it('do not add to what is no list, nor do what nobody knows', () => {
    expect(after({}, change('retention.ms', APPEND, '1'))).toBe(40)
    expect(after({}, change('nonsense', SUBTRACT, '1'))).toBe(40)
    expect(after({}, change('retention.ms', 9, '1'))).toBe(-1)
  })

  it('are refused before anybody looks at them when they name something twice, or set it to null', () => {
    expect(refuseChanges([change('retention.ms', SET)], new Set())).toMatchObject({ errorCode: 42 })
    expect(refuseChanges([], new Set(['retention.ms']))).toMatchObject({ errorCode: 42 })
    expect(refuseChanges([change('retention.ms', DELETE)], new Set())).toBeUndefined()
  })
})
