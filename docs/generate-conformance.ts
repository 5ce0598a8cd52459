import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'test', 'conformance');

/** The sections of the page: a folder of tests, and the documents that the tests are about. */
const protocols = [
  {
    folder: 'wps-1.0',
    title: 'WPS 1.0.0',
    documents: 'OGC 05-007r7 and OWS Common 1.1, OGC 06-121r3',
  },
  {
    folder: 'wps-2.0',
    title: 'WPS 2.0',
    documents: 'OGC 14-065r2 and OWS Common 2.0, OGC 06-121r9',
  },
  {
    folder: 'ogc-api',
    title: 'OGC API - Processes',
    documents:
      'Part 1: Core 1.0, OGC 18-062r2; tests named `test...` mirror those of ets-ogcapi-processes10 1.3, the official suite, which cannot run here',
  },
] as const;

/** A requirement as its test file declares it. See `test/conformance/requirement.ts`. */
interface Declaration {
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly status: string;
  /** The reason why it is declined, or a note on how it is done. */
  readonly remark: string;
}

/** `docs/conformance.md`: every requirement of each protocol, taken from the tests that prove it. */
export async function generateConformance(): Promise<string> {
  const sections = await Promise.all(protocols.map(section));
  return `# Conformance

What the standards say a server must or may do, and the test that proves each. A document of the service in
any of these tests is valid by the official schemas, or the test fails. This page is made from the tests.

${sections.join('\n')}`;
}

async function section({
  folder: protocol,
  title,
  documents,
}: (typeof protocols)[number]): Promise<string> {
  const names = (await readdir(join(folder, protocol))).filter((name) => name.endsWith('.test.ts'));
  const declarations = await Promise.all(names.map((name) => declaration(protocol, name)));
  const byClause = new Intl.Collator('en', { numeric: true });
  declarations.sort((a, b) => byClause.compare(a.clause, b.clause) || byClause.compare(a.id, b.id));
  const done = declarations.filter(({ status }) => status === 'done');
  const declined = declarations.filter(({ status }) => status === 'declined');
  return `## ${title}

${documents}.

### Done: ${done.length}

${table(protocol, 'remark', done)}
${
  declined.length === 0
    ? ''
    : `
### Declined: ${declined.length}

Each has a test of what a client gets instead.

${table(protocol, 'why', declined)}
`
}${await mirrorTable(protocol, names)}`;
}

/**
 * Tests named after those of an official suite, as in `it('testHttp and testOther: ...'`. Empty if there are
 * none.
 */
async function mirrorTable(protocol: string, names: readonly string[]): Promise<string> {
  const rows = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(folder, protocol, name), 'utf8');
      const titles = [...source.matchAll(/\bit\('((?:test[A-Z]\w+(?: and )?)+):/g)];
      const id = name.replace('.test.ts', '');
      return titles
        .flatMap(([, title = '']) => title.split(' and '))
        .map((test) => row([`\`${test}\``, `[${id}](../test/conformance/${protocol}/${name})`]));
    }),
  );
  const all = rows.flat().sort();
  if (all.length === 0) return '';
  return `
### Tests of the official suite: ${all.length}

\`official-suite.test.ts\` sees that none is missing.

${[row(['test of the suite', 'mirrored in']), '|---|---|', ...all].join('\n')}
`;
}

/** The strings with which a test file declares its requirement. */
async function declaration(protocol: string, name: string): Promise<Declaration> {
  const source = await readFile(join(folder, protocol, name), 'utf8');
  const [declared = ''] = /^requirement\($[\s\S]*?^ {2}\},$/m.exec(source) ?? [];
  const strings = declared.matchAll(/^ {4}(\w+):\s+(['"])((?:(?!\2)[^\\\n])*)\2,$/gm);
  const found = Object.fromEntries([...strings].map(([, key, , text]) => [key, text]));
  const { id, clause, title, status, why, note } = found;
  if (id !== name.replace('.test.ts', '') || !clause || !title || !status) {
    throw new Error(
      `test/conformance/${protocol}/${name} must declare its requirement with id (the name of the file), clause, title and status as plain strings`,
    );
  }
  return { id, clause, title, status, remark: why ?? note ?? '' };
}

function table(protocol: string, remark: string, declarations: readonly Declaration[]): string {
  const rows = declarations.map(({ id, clause, title, remark }) =>
    row([title, clause, `[${id}](../test/conformance/${protocol}/${id}.test.ts)`, remark]),
  );
  return [row(['requirement', 'clause', 'test', remark]), '|---|---|---|---|', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
