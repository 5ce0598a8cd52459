/** {{title}}. Its inputs and outputs are described in process.yaml. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Node.js strips the types when it reads this file, so no build is needed: use erasable syntax only.
type Inputs = Readonly<Record<string, readonly { readonly value: string }[] | undefined>>;

const { WPS_INPUTS = '', WPS_OUTPUT_DIR = '' } = process.env;

const inputs: Inputs = JSON.parse(await readFile(WPS_INPUTS, 'utf8'));
const name = inputs['name']?.[0]?.value ?? '';
const times = Number(inputs['times']?.[0]?.value ?? 1);

const lines: string[] = [];
for (let done = 1; done <= times; done++) {
  lines.push(`Hello, ${name}!`);
  process.stdout.write(
    `PROGRESS ${Math.floor((100 * done) / times)} greeting ${done} of ${times}\n`,
  );
}
await writeFile(join(WPS_OUTPUT_DIR, 'greeting'), `${lines.join('\n')}\n`);
