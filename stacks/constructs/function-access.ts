import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { RolePolicy } from './role-policy.ts';
import type { ServiceFunctions } from './service-functions.ts';

export interface FunctionAccessProps {
  readonly deployment: Deployment;
  readonly functions: ServiceFunctions;
  /** Reading and writing the documents of jobs. */
  readonly outputs: readonly Statement[];
  /** Sending mails; left out, none are sent. */
  readonly mail?: readonly Statement[];
  /** Queue of events that could not be handled. */
  readonly deadLetterArn: string;
}

/** Tag that a submission names its environment in, `jobTags` of `lambda/aws/batch-job-detail.ts`. */
const environmentTag = 'WpsEnvironment';

/**
 * What the functions may do with the environment's resources, beside reading their configuration and
 * writing their logs.
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
        // The job itself is asked for, too, by AWS's list of what each action needs; its guide shows
        // queue and definition alone.
        // Source: Service Authorization Reference, "Actions defined by AWS Batch", SubmitJob
        sid: 'SubmitJobs',
        actions: ['batch:SubmitJob'],
        resources: [queues, definitions, jobs],
      },
      {
        // A submission names the environment in a tag; Batch makes jobs' ids, which tell nothing.
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
    // Only requests for a status show how many jobs are ahead.
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
