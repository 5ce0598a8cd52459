import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';

/** Where the files of images come from. */
export interface ImageSources {
  /** Root of the project. */
  readonly root: string;
  /** The output of `npm run build`. */
  readonly distFolder: string;
}

/** The folder, in the stage that builds the sources, that corresponds to `dist/`. */
const builtFolder = '/source/dist/';

/**
 * Tag of a process's container image: the same for the same content. It follows from the Dockerfiles of the
 * process and of the runner and from every file that they copy, so a change of a codec, which no image
 * contains, does not change the tag. The versions of Debian packages are not part of it.
 *
 * @param folder of the process: the context of its Dockerfile
 * @throws if the folder has no Dockerfile, or a file to copy does not exist
 */
export function contentTag(folder: string, sources: ImageSources): string {
  const hash = createHash('sha256');
  const runner = join(sources.root, 'batch-jobs', 'runner');
  hash.update(readFileSync(join(runner, 'build.Dockerfile')));
  for (const context of [runner, folder]) {
    const { text, files } = contentOf(context, sources);
    hash.update(text);
    for (const [path, file] of files) {
      const mode = statSync(file).mode & 0o100 ? 'x' : '-';
      const content = createHash('sha256').update(readFileSync(file)).digest('hex');
      hash.update(`\n${mode} ${content} ${path}`);
    }
  }
  return `content-${hash.digest('hex').slice(0, 20)}`;
}

/** A Dockerfile, and the files that its last stage copies. */
function contentOf(context: string, { distFolder }: ImageSources) {
  const text = readFileSync(join(context, 'Dockerfile'), 'utf8');
  const instructions = DockerfileParser.parse(text).getInstructions();
  const last = instructions.findLastIndex((one) => one.getKeyword() === 'FROM');
  const files = instructions.slice(last).flatMap((instruction) => {
    if (instruction.getKeyword() !== 'COPY') return [];
    const paths = instruction.getArguments().map((argument) => argument.getValue());
    return paths.slice(0, -1).flatMap((path) => {
      const source = path.startsWith(builtFolder)
        ? join(distFolder, path.slice(builtFolder.length))
        : join(context, path);
      return filesIn(source).map((file) => [join(path, relative(source, file)), file] as const);
    });
  });
  return { text, files: files.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function filesIn(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(__pycache__|node_modules)\//.test(file));
}
