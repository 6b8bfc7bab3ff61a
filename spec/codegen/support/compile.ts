import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { messageFile } from '../../../codegen/emit/message-file'
import { runtimeSources } from '../../../codegen/emit/runtime'
import type { Setting } from '../../../codegen/emit/source-file'
import type { MessageModel } from '../../../codegen/schema/model'
import { readSchema } from '../../../codegen/schema/read'
import * as message from '../../../lib/wire/message'
import type { Message } from '../../../lib/wire/message'
import * as reader from '../../../lib/wire/reader'
import * as uuid from '../../../lib/wire/uuid'
import * as writer from '../../../lib/wire/writer'
import type { Value } from '../../generated/support/values'

const modules: Readonly<Record<string, unknown>> = {
  '../../wire/message': message,
  '../../wire/reader': reader,
  '../../wire/uuid': uuid,
  '../../wire/writer': writer,
}

/** As for the library itself: a file one folder below the output, which lies beside `wire`. */
export const setting: Setting = { header: ['// header'], runtime: runtimeSources('../wire')(1) }

export function fixture(name: string): MessageModel {
  const file = `${name}.json`
  const schema = readSchema(readFileSync(join(__dirname, '..', 'fixtures', file), 'utf8'), file)
  if (schema.kind !== 'message') throw new Error(`${name} has no versions`)
  return schema.model
}

/** The codec of a schema, from the text that the generator prints. */
export function compile(model: MessageModel): Message<Value> {
  const options = { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } }
  const { outputText } = transpileModule(messageFile(model, setting), options)
  const exported: Record<string, Message<Value>> = {}
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- to run what the generator prints is what this is for
  new Function('require', 'exports', outputText)((name: string) => modules[name], exported)
  const codec = exported[model.name]
  if (codec === undefined) throw new Error(`${model.name} is not exported`)
  return codec
}
