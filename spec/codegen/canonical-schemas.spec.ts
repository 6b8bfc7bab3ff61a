import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSchema } from '../../codegen/schema/read'
import { canonicalText } from '../../scripts/schemas/canonical'

const folder = join(__dirname, '..', '..', 'schemas')
const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'SOURCE.json')

describe('the canonical form of a schema', () => {
  it('keeps facts, one field a line, and neither comments nor prose', () => {
    const text = `// Licence
    {
      "validVersions": "0-1", // "not": this
      "name": "TestRequest", "apiKey": 7, "type": "request", "latestVersionUnstable": false,
      "fields": [
        // Comment
        { "name": "A", "about": "Prose // and more.", "default": 5, "versions": "0+", "type": "int32", "ignorable": false },
        { "name": "B", "versions": "0+", "type": "[]C", "default": "http://x", "fields": [ { "versions": "0+", "name": "D", "type": "bool", "default": false } ] }
      ],
      "flexibleVersions": "none"
    }`
    expect(canonicalText(text, 'Test.json').split('\n')).toEqual([
      '{',
      '  "apiKey": 7,',
      '  "type": "request",',
      '  "name": "TestRequest",',
      '  "validVersions": "0-1",',
      '  "flexibleVersions": "none",',
      '  "fields": [',
      '    { "name": "A", "type": "int32", "versions": "0+", "default": "5" },',
      '    { "name": "B", "type": "[]C", "versions": "0+", "default": "http://x", "fields": [',
      '      { "name": "D", "type": "bool", "versions": "0+" }',
      '    ] }',
      '  ]',
      '}',
      '',
    ])
  })

  it('unquotes tags and flags, and drops what was not said', () => {
    const field = '{ "name": "A", "type": "int8", "tag": "0", "ignorable": "true", "mapKey": "false", "default": null, "entityType": null }'
    expect(canonicalText(`{ "fields": [${field}] }`, 'X.json')).toContain('{ "name": "A", "type": "int8", "tag": 0, "ignorable": true }')
  })

  it('passes on a key that is not known, for the reader to refuse it by its path', () => {
    const text = canonicalText(
      '{ "name": "X", "type": "data", "validVersions": "0", "flexibleVersions": "0+", "fields": [{ "name": "A", "type": "int8", "versions": "0+", "sort": "up" }] }',
      'X.json',
    )
    expect(() => readSchema(text, 'X.json')).toThrow("X.json: fields.A: unknown key 'sort'")
  })

  it('is the form of every committed schema, and of all 203', () => {
    expect(files).toHaveLength(203)
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8')
      expect(canonicalText(text, file)).toBe(text)
    }
  })
})
