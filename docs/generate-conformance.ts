import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'test', 'conformance', 'wps-1.0');

/** A requirement as its test file declares it; see `test/conformance/requirement.ts`. */
interface Declaration {
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly status: string;
  /** Why it is declined, or how it is done. */
  readonly remark: string;
}

/** `docs/conformance.md`: every requirement of WPS 1.0.0, from the tests that prove it. */
export async function generateConformance(): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  const declarations = await Promise.all(names.map(declaration));
  const byClause = new Intl.Collator('en', { numeric: true });
  declarations.sort((a, b) => byClause.compare(a.clause, b.clause) || byClause.compare(a.id, b.id));
  const declined = declarations.filter(({ status }) => status === 'declined');
  const done = declarations.filter(({ status }) => status === 'done');
  return `# Conformance

What WPS 1.0.0 (OGC 05-007r7) and OWS Common 1.1 (OGC 06-121r3) say a server must or may do, and the
test that proves each. A document of the service in any of these tests is valid by the official
schemas, or the test fails. This page is made from the tests.

## Done: ${done.length}

${table('remark', done)}

## Declined: ${declined.length}

Each has a test of what a client gets instead.

${table('why', declined)}
`;
}

/** The strings that a test file declares its requirement with. */
async function declaration(name: string): Promise<Declaration> {
  const source = await readFile(join(folder, name), 'utf8');
  const [declared = ''] = /^requirement\($[\s\S]*?^ {2}\},$/m.exec(source) ?? [];
  const strings = declared.matchAll(/^ {4}(\w+):\s+(['"])((?:(?!\2)[^\\\n])*)\2,$/gm);
  const found = Object.fromEntries([...strings].map(([, key, , text]) => [key, text]));
  const { id, clause, title, status, why, note } = found;
  if (id !== name.replace('.test.ts', '') || !clause || !title || !status) {
    throw new Error(
      `test/conformance/wps-1.0/${name} must declare its requirement with id (the name of the file), clause, title and status as plain strings`,
    );
  }
  return { id, clause, title, status, remark: why ?? note ?? '' };
}

function table(remark: string, declarations: readonly Declaration[]): string {
  const rows = declarations.map(({ id, clause, title, remark }) =>
    row([title, clause, `[${id}](../test/conformance/wps-1.0/${id}.test.ts)`, remark]),
  );
  return [row(['requirement', 'clause', 'test', remark]), '|---|---|---|---|', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
