/**
 * `npm run sbom`: lists the packages in the functions and the images, from the lock file: a bill of materials
 * in CycloneDX and a list of licences.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { licencesOf, licenceTable, reproducible } from './bill-of-materials.ts';

const root = join(import.meta.dirname, '..', '..');

const program = new Command('sbom')
  .description('Writes a bill of materials (CycloneDX) and a list of licences from the lock file.')
  .option('-o, --out <folder>', 'that gets them', join(root, 'cdktf.out'))
  .option('--with-tools', 'also what only builds, checks and deploys', false)
  .action(({ out, withTools }: { out: string; withTools: boolean }) => {
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const text = execFileSync(
      'npm',
      [
        ...['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'],
        ...(withTools ? [] : ['--omit', 'dev']),
      ],
      { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    );
    const bom = reproducible(text, name, timeOfCommit());
    mkdirSync(out, { recursive: true });
    write(join(out, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
    write(join(out, 'licences.csv'), licenceTable(licencesOf(bom)));
  });

function write(file: string, text: string): void {
  writeFileSync(file, text);
  process.stdout.write(`${file}\n`);
}

/** The date of the checked-out commit; the start of 1970 outside a repository. */
function timeOfCommit(): string {
  try {
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Date(Number(seconds) * 1000).toISOString();
  } catch {
    return new Date(0).toISOString();
  }
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`sbom: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
