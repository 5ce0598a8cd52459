/**
 * `npm run smoke -- --endpoint URL`: tests a deployed or embedded service over each protocol, runs a short
 * job to its output over each, prints a table, and exits with code 1 on any fault.
 */

import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { type Outcome, runChecks } from './run-checks.ts';

interface Options {
  readonly endpoint: string;
  readonly process: string;
  readonly header: readonly (readonly [string, string])[];
  readonly jobSeconds: number;
  readonly answerSeconds: number;
  readonly json: boolean;
}

const program = new Command('smoke')
  .description('Asks a service over each protocol and follows a job to its output.')
  .requiredOption('-e, --endpoint <url>', 'base of its URLs, or its WPS endpoint', baseUrlOf)
  .option('-p, --process <identifier>', 'a process that gives input "message" back', 'echo')
  .option(
    '-H, --header <name: value>',
    'sent with every request, such as "x-api-key: ..."',
    header,
    [],
  )
  .option('--job-seconds <n>', 'how long a job may take', seconds, 900)
  .option('--answer-seconds <n>', 'how long an answer may take', seconds, 30)
  .option('--json', 'prints JSON instead of a table', false)
  .action(async (options: Options) => {
    const outcomes = await runChecks({
      baseUrl: options.endpoint,
      headers: Object.fromEntries(options.header),
      process: options.process,
      message: `smoke-${randomUUID()}`,
      jobSeconds: options.jobSeconds,
      answerSeconds: options.answerSeconds,
    });
    process.stdout.write(options.json ? `${JSON.stringify(outcomes, null, 2)}\n` : table(outcomes));
    process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
  });

function table(outcomes: readonly Outcome[]): string {
  const width = (of: (outcome: Outcome) => string) =>
    Math.max(...outcomes.map((each) => of(each).length));
  const [first, second] = [width(({ protocol }) => protocol), width(({ check }) => check)];
  const rows = outcomes.map(({ protocol, check, ok, seconds: took, fault }) => {
    const row = `${protocol.padEnd(first)}  ${check.padEnd(second)}  ${ok ? 'ok   ' : 'FAULT'}  ${took.toFixed(2)} s`;
    return fault === undefined ? row : `${row}\n    ${fault}`;
  });
  const faults = outcomes.filter(({ ok }) => !ok).length;
  const end =
    faults === 0 ? 'The service works.' : `${faults} of ${outcomes.length} checks found a fault.`;
  return `${rows.join('\n')}\n\n${end}\n`;
}

/** The base of a service's URLs, derived from the base itself or from the WPS endpoint. */
function baseUrlOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('Give an absolute URL, such as http://127.0.0.1:8080/.');
  }
  const url = new URL(text);
  const path = url.pathname.replace(/\/wps\/?$/, '/');
  return `${url.origin}${path.endsWith('/') ? path : `${path}/`}`;
}

function header(text: string, before: readonly (readonly [string, string])[]) {
  const [, name, value] = /^([\w-]+):\s*(.+)$/.exec(text) ?? [];
  if (!name || !value) throw new InvalidArgumentError('Give a name and a value: "x-api-key: ...".');
  return [...before, [name, value] as const];
}

function seconds(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a number of seconds above 0.');
}

await program.parseAsync();
