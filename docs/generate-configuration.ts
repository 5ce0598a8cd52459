import { queueClasses } from '../batch-jobs/api/process-description.ts';
import { catalogue } from '../batch-jobs/catalogue.ts';
import {
  configurationKeys,
  fargateJobDefinitionKey,
  jobDefinitionKey,
  processVariablePrefix,
  queueKey,
  queueTraitKeys,
} from '../lambda/configuration/configuration-keys.ts';
import {
  batchResource,
  settingDescriptions,
  settings,
} from '../lambda/configuration/configuration-settings.ts';
import { queueTraitDescriptions } from '../lambda/configuration/queue-traits.ts';

/** `docs/configuration.md`: every key of an environment's configuration file. */
export async function generateConfiguration(): Promise<string> {
  return `# Configuration

An environment's configuration is a file in Java's properties format (\`KEY=value\` a line, \`#\` begins
a comment) at \`<bucket>/<alias>/<file>\`: the alias is the environment's name (\`DEV\`, \`SYSTEST\`, \`RC\`,
\`PROD\`; \`$LATEST\` where the function is called without one), bucket and file stand in the function's
variables \`CONFIGURATION_S3_BUCKET\` and \`CONFIG_FILENAME\`. The environment's stack writes it.

The function looks for a new version of the file about once a minute, beside its work. A file with
faults is not taken: the one before it stays in force, and an alarm tells.
A key without a value is not set. An unknown key is ignored, with a line in the log.

| key | needed | allowed | default | meaning |
|---|---|---|---|---|
${[...settingRows(), ...queueRows(), ...jobDefinitionRows(), ...processVariableRows()].join('\n')}
`;
}

function settingRows(): string[] {
  return Object.entries(settings.shape).map(([key, schema]) => {
    const about = settingDescriptions.get(schema);
    if (!about) throw new Error(`setting ${key} is not described`);
    return row(key, about.isRequired ? 'yes' : '', about.allowed, about.default, about.meaning);
  });
}

function queueRows(): string[] {
  const name = configurationKeys.jobQueueName;
  return [
    row(
      name,
      'unless each class has its own',
      batchResource.allowed,
      undefined,
      'Job queue of every class that has no key of its own.',
    ),
    ...queueClasses.map((queue) =>
      row(
        queueKey(queue),
        '',
        batchResource.allowed,
        `that of \`${name}\``,
        `Job queue \`${queue}\`.`,
      ),
    ),
    ...(['platform', 'scheduling', 'price'] as const).flatMap((trait) => {
      const { allowed, default: standard, meaning } = queueTraitDescriptions[trait];
      return queueClasses.map((queue) =>
        row(
          queueTraitKeys[trait](queue),
          '',
          allowed,
          standard,
          `Of queue \`${queue}\`: ${meaning}.`,
        ),
      );
    }),
  ];
}

function jobDefinitionRows(): string[] {
  return catalogue.flatMap(({ identifier, job }) => [
    row(
      jobDefinitionKey(job.image),
      '',
      batchResource.allowed,
      undefined,
      `Job definition of process \`${identifier}\`; without one, the process is not on offer.`,
    ),
    row(
      fargateJobDefinitionKey(job.image),
      '',
      batchResource.allowed,
      undefined,
      `Job definition of process \`${identifier}\` for queues on Fargate.`,
    ),
  ]);
}

function processVariableRows(): string[] {
  return catalogue.flatMap(({ identifier, job }) =>
    (job.variables ?? []).map((name) =>
      row(
        `${processVariablePrefix}${name}`,
        '',
        'any text',
        undefined,
        `Variable \`${name}\` of process \`${identifier}\`, for its suggestions and estimates.`,
      ),
    ),
  );
}

function row(
  key: string,
  needed: string,
  allowed: string,
  standard: string | undefined,
  meaning: string,
): string {
  const value = standard === undefined ? '' : standard.includes('`') ? standard : `\`${standard}\``;
  return `| \`${key}\` | ${needed} | ${allowed} | ${value} | ${meaning} |`;
}
