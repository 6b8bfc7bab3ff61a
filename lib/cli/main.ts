#!/usr/bin/env node
import { kafkarx } from './kafkarx'

const { exitCode, text } = kafkarx(process.argv.slice(2))
if (exitCode === 0) console.log(text)
else console.error(text)
process.exitCode = exitCode
