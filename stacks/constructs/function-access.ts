import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { RolePolicy } from './role-policy.ts';
import type { ServiceFunctions } from './service-functions.ts';

export interface FunctionAccessProps {
  readonly deployment: Deployment;
  readonly functions: ServiceFunctions;
  /** Permission to read and write the documents of jobs. */
  readonly outputs: readonly Statement[];
  /** Permission to send mail; without it, none is sent. */
  readonly mail?: readonly Statement[];
  /** The queue for events that could not be handled. */
  readonly deadLetterArn: string;
}

/** The tag in which a submission names its environment: `jobTags` of `lambda/aws/batch-job-detail.ts`. */
const environmentTag = 'WpsEnvironment';

/**
 * What the functions may do with the environment's resources, besides reading their configuration and writing
 * their logs.
 */
export class FunctionAccess extends Construct {
  readonly wps: RolePolicy;
  readonly jobEvents: RolePolicy;

  constructor(scope: Construct, id: string, props: FunctionAccessProps) {
    super(scope, id);
    const { deployment, outputs } = props;
    const { environment } = deployment;
    const queues = deployment.arn('batch', `job-queue/${deployment.name('*')}`);
    const definitions = deployment.arn('batch', `job-definition/${deployment.name('*')}`);
    const ownJobs = { StringEquals: { [`aws:ResourceTag/${environmentTag}`]: environment } };
    const jobs = deployment.arn('batch', 'job/*');
    const submissions: readonly Statement[] = [
      {
        // AWS's list of resources per action includes the job itself; its user guide shows queue and
        // definition only.
        // Source: Service Authorization Reference, "Actions defined by AWS Batch", SubmitJob
        sid: 'SubmitJobs',
        actions: ['batch:SubmitJob'],
        resources: [queues, definitions, jobs],
      },
      {
        // Batch assigns job ids, which say nothing about the environment, so permission follows from the tag
        // that each submission sets.
        sid: 'TagSubmissions',
        actions: ['batch:TagResource'],
        resources: [queues, definitions, jobs],
        conditions: { StringEquals: { [`aws:RequestTag/${environmentTag}`]: environment } },
      },
    ];
    const statements: readonly Statement[] = [
      ...outputs,
      {
        sid: 'EndJobs',
        actions: ['batch:TerminateJob'],
        resources: [jobs],
        conditions: ownJobs,
      },
      {
        sid: 'LookAtJobs',
        actions: ['batch:DescribeJobs', 'batch:ListJobs'],
        anyResourceBecause: 'AWS Batch knows no resource for these two; they only read.',
      },
    ];
    // Only status requests need the number of jobs ahead.
    const lookAtQueues: Statement = {
      sid: 'LookAtQueues',
      actions: ['batch:GetJobQueueSnapshot'],
      resources: [queues],
    };
    this.wps = new RolePolicy(this, 'wps', {
      name: environment,
      role: props.functions.wps.roleName,
      statements: [...statements, lookAtQueues, ...submissions],
    });
    this.jobEvents = new RolePolicy(this, 'job-events', {
      name: environment,
      role: props.functions.jobEvents.roleName,
      statements: [
        ...statements,
        ...(props.mail ?? []),
        {
          sid: 'PutEventsAside',
          actions: ['sqs:SendMessage'],
          resources: [props.deadLetterArn],
        },
      ],
    });
  }
}
