/** `npm run docs`: writes the documents that are generated from code. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedDocuments } from './generated-documents.ts';

for (const [name, generate] of Object.entries(generatedDocuments)) {
  await writeFile(join(import.meta.dirname, name), await generate());
  console.log(`docs/${name}`);
}
