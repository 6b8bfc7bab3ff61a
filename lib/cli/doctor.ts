/** `kafkarx doctor`: where the way to a cluster ends, in words and as an exit code. */
import { concat, defer, map, takeUntil, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { diagnose } from '../entries/doctor'
import type { Failed, Finding, StepName } from '../entries/doctor'
import { CommandFailure, line } from './command'
import type { Command, Output } from './command'
import { doctorHelp, parseDoctor } from './doctor-options'

/** Stable: scripts branch on it. 1 is a wrong command line. */
const EXIT_CODES: Readonly<Record<StepName, number>> = {
  configuration: 2,
  name: 3,
  TCP: 4,
  TLS: 5,
  login: 6,
  protocol: 7,
  metadata: 8,
  listener: 9,
  topic: 10,
}

export const doctor: Command = {
  summary: 'says why a cluster cannot be used from here',
  help: doctorHelp,
  run: (args, { interrupted$, scheduler }) => {
    const { configure, topic, json } = parseDoctor(args)
    const findings$ = diagnose(() => ({ ...configure(), scheduler }), topic === undefined ? {} : { topic })
    return withVerdict(findings$.pipe(takeUntil(interrupted$.pipe(map(unfinished)))), json ? JSON_LINES : TEXT)
  },
}

/** Of what was not looked at nothing is known. The code is the shell's for Ctrl-C. */
function unfinished(): never {
  throw new CommandFailure('interrupted before the last step', 130)
}

/** How findings are shown. A program that reads them has the exit code for the last word. */
interface Form {
  readonly show: (finding: Finding) => string
  readonly allWell: (passed: number) => readonly Output[]
}

function withVerdict(findings$: Observable<Finding>, form: Form): Observable<Output> {
  return defer(() => {
    const failures: Failed[] = []
    let passed = 0
    const count = (finding: Finding): void => {
      if (finding.type === 'failed') failures.push(finding)
      else passed++
    }
    return concat(
      findings$.pipe(
        tap(count),
        map((finding) => line(form.show(finding))),
      ),
      defer(() => {
        refuse(failures)
        return form.allWell(passed)
      }),
    )
  })
}

/** Throws when anything failed. */
function refuse([first, ...others]: readonly Failed[]): void {
  if (first === undefined) return
  const more = others.length === 0 ? '' : `, and ${String(others.length)} more`
  throw new CommandFailure(`${first.step} failed for ${first.target}${more}`, EXIT_CODES[first.step])
}

const INDENT = ' '.repeat(6)

function textOf(finding: Finding): string {
  const { step, target } = finding
  const head = (finding.type === 'passed' ? 'ok' : 'FAIL').padEnd(INDENT.length) + `${step.padEnd(14)}${target}`
  if (finding.type === 'passed') return `${head}: ${finding.says}`
  const { error, hint } = finding
  return [`${head}: ${error.code}`, ...error.message.split('\n').map((said) => `${INDENT}${said}`), `${INDENT}Next: ${hint}`].join('\n')
}

const jsonOf = (finding: Finding): string =>
  JSON.stringify(finding.type === 'passed' ? finding : { ...finding, error: { code: finding.error.code, message: finding.error.message } })

const TEXT: Form = { show: textOf, allWell: (passed) => [line(`all is well: ${String(passed)} steps`)] }
const JSON_LINES: Form = { show: jsonOf, allWell: () => [] }
