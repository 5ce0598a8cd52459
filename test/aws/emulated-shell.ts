/**
 * `npm run emulated-account`: a shell whose `terraform`, `aws`, `docker` and scripts of this project work on
 * an account at the emulator, which is empty at first. A command after `--` runs instead of the shell. The
 * account is deleted afterwards.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeEmulatedPrograms } from './emulated-programs.ts';
import { startPlatformWorkspace } from './platform-workspace.ts';
import { providerMirror } from './terraform.ts';

const [program = process.env['SHELL'] ?? 'sh', ...args] = process.argv.slice(2);
const workspace = await startPlatformWorkspace();
const PATH = await writeEmulatedPrograms(join(workspace.folder, 'bin'), await providerMirror());
const child = spawn(program, args, {
  stdio: 'inherit',
  env: { ...process.env, ...workspace.variables, PATH },
});
const [code] = await once(child, 'exit');
await workspace.stop();
process.exitCode = code ?? 1;
