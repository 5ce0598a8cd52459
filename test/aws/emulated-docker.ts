/**
 * Stands in for `docker`, as far as `npm run images` calls it. It builds nothing. An image that is pushed is
 * in the registry afterwards, with a digest that depends on its name and tag.
 */

import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';

const [command, reference = ''] = process.argv.slice(2);
switch (command) {
  case 'info':
  case 'login':
  case 'build':
    break;
  case 'push': {
    const { repositoryName, imageTag } =
      /^[^/]+\/(?<repositoryName>.+):(?<imageTag>[^:]+)$/.exec(reference)?.groups ?? {};
    await new ECRClient({}).send(
      new PutImageCommand({
        repositoryName,
        imageTag,
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          config: { digest: `${repositoryName} ${imageTag}` },
        }),
      }),
    );
    break;
  }
  default:
    process.stderr.write(`this docker does not do: ${command}\n`);
    process.exitCode = 1;
}
