import type { SynthesisedConfiguration } from './sample-platform.ts';

/** Account and region that the samples are resolved for. The partition is `aws`. */
export const sampleAccount = '123456789012';
export const sampleRegion = 'ap-southeast-2';

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${sampleRegion}:${sampleAccount}:${resource}`;

type Named = (name: (attribute: string) => string) => string;

/** The ARN that AWS gives a resource, from the resource's attributes. */
const arns: Readonly<Record<string, Named>> = {
  aws_batch_job_queue: (of) => arn('batch', `job-queue/${of('name')}`),
  aws_batch_job_definition: (of) => arn('batch', `job-definition/${of('name')}:1`),
  aws_cloudwatch_event_rule: (of) => arn('events', `rule/${of('name')}`),
  aws_cloudwatch_log_group: (of) => arn('logs', `log-group:${of('name')}`),
  aws_efs_access_point: () => arn('elasticfilesystem', 'access-point/fsap-0123456789abcdef0'),
  aws_efs_file_system: () => arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0'),
  aws_iam_role: (of) => `arn:aws:iam::${sampleAccount}:role/${of('name')}`,
  aws_lambda_alias: (of) => arn('lambda', `function:${of('function_name')}:${of('name')}`),
  aws_lambda_function: (of) => arn('lambda', `function:${of('function_name')}`),
  aws_s3_bucket: (of) => `arn:aws:s3:::${of('bucket')}`,
  aws_sns_topic: (of) => arn('sns', of('name')),
  aws_sqs_queue: (of) => arn('sqs', of('name')),
};

/**
 * Fills in the references in a text of a synthesised stack as Terraform would, from the stack's own
 * attributes. A value that only AWS knows stays a reference, without the hash that cdktf adds to the id:
 * `aws_subnet.network_subnet-0.id`.
 */
export function resolved(stack: SynthesisedConfiguration | undefined, text: string): string {
  return text
    .replaceAll(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, sampleAccount)
    .replaceAll(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, 'aws')
    .replaceAll(
      /\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}/g,
      (reference, type: string, id: string, attribute: string) => {
        const unknown = `${type}.${id.replace(/_[0-9A-F]{8}$/, '')}.${attribute}`;
        const attributes = stack?.resource[type]?.[id];
        if (!attributes) return reference;
        const of = (name: string) => resolved(stack, String(attributes[name]));
        const value = attributes[attribute];
        if (typeof value === 'string') return resolved(stack, value);
        return attribute === 'arn' ? (arns[type]?.(of) ?? unknown) : unknown;
      },
    );
}

/** A part of a stack with every text in it resolved. */
export function resolvedWithin(stack: SynthesisedConfiguration, part: unknown): unknown {
  if (typeof part === 'string') return resolved(stack, part);
  if (Array.isArray(part)) return part.map((one) => resolvedWithin(stack, one));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, resolvedWithin(stack, value)]),
  );
}
