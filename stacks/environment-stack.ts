import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type ProcessDescription,
  type QueueClass,
  queueClasses,
} from '../batch-jobs/api/process-description.ts';
import type { AccountSettings } from '../environments/account-settings.ts';
import type { Environment } from '../environments/environment.ts';
import { isFargate } from '../environments/queue-settings.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { Budget } from './constructs/budget.ts';
import { Canary } from './constructs/canary.ts';
import { ConfigurationFile } from './constructs/configuration-file.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { DeadLetters } from './constructs/dead-letters.ts';
import { DeletionProtection } from './constructs/deletion-protection.ts';
import { Deployment } from './constructs/deployment.ts';
import { environmentWatches } from './constructs/environment-watches.ts';
import { FunctionAccess } from './constructs/function-access.ts';
import { HandlerAliases } from './constructs/handler-aliases.ts';
import { JobCompute } from './constructs/job-compute.ts';
import { JobEvents } from './constructs/job-events.ts';
import { JobLog } from './constructs/job-log.ts';
import { JobRoles } from './constructs/job-roles.ts';
import { JobTrouble } from './constructs/job-trouble.ts';
import { KeptMachineImages } from './constructs/kept-machine-images.ts';
import { Mail } from './constructs/mail.ts';
import { warnOfMissingSettings } from './constructs/missing-settings-warnings.ts';
import { Network } from './constructs/network.ts';
import { operationsMetrics } from './constructs/operations-metrics.ts';
import { OutputBucket } from './constructs/output-bucket.ts';
import { type Platform, ProcessJobDefinition } from './constructs/process-job-definition.ts';
import { RecordedRelease } from './constructs/recorded-release.ts';
import { Release } from './constructs/release.ts';
import { ScratchFileSystem, throughputOf } from './constructs/scratch-file-system.ts';
import { ServiceFunctions } from './constructs/service-functions.ts';
import { serviceProperties } from './constructs/service-properties.ts';
import { WpsApi } from './constructs/wps-api.ts';
import { offeredProcesses } from './offered-processes.ts';
import { needsFileSystem, needsMachines, taskArchitectures } from './process-queues.ts';
import { addStateBackend } from './state-backend.ts';

export interface EnvironmentStackProps {
  readonly environment: Environment;
  readonly catalogue: readonly ProcessDescription[];
  /** Tag of a process's container image if the settings name none. */
  readonly imageTag: (image: string) => string;
  /** Account of the environment that this one's release is promoted from, if it is another account. */
  readonly sourceAccount?: AccountSettings;
  /** Whether an environment of another account takes this one's release. */
  readonly isTakenElsewhere: boolean;
}

/** One environment: DEV, SYSTEST, RC or PROD. It finds the resources of SHARED by name. */
export class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, props: EnvironmentStackProps) {
    const { environment, catalogue, sourceAccount } = props;
    super(scope, environment.name);
    warnOfMissingSettings(this, environment);
    addStateBackend(this, environment.state, environment.account);
    const deployment = new Deployment(this, 'deployment', environment);
    const logRetentionDays = environment.logs.retentionDays;
    const { deletionProtection } = environment;
    new DeletionProtection(this, 'deletion-protection', deletionProtection);
    const processes = offeredProcesses(catalogue, environment);
    const release = new Release(this, 'taken-release', {
      deployment,
      settings: environment.release,
      processes,
      imageTag: props.imageTag,
      ...(sourceAccount ? { sourceAccount } : {}),
    });
    const images = new KeptMachineImages(this, 'kept-images', {
      deployment,
      image: release.machineImages.dataVolume,
      fromElsewhere: sourceAccount !== undefined && !environment.release.parts.machineImages,
      ofSettings: Object.values(environment.queues).flatMap((queue) =>
        isFargate(queue) || queue.imageId === undefined ? [] : [queue.imageId],
      ),
    });

    // Where jobs run.
    const network = new Network(this, 'network', { deployment, settings: environment.network });
    const throughput = throughputOf(environment.queues);
    const scratch =
      throughput && new ScratchFileSystem(this, 'scratch', { deployment, network, throughput });
    const outputs = new OutputBucket(this, 'outputs', {
      deployment,
      settings: environment.outputs,
      deletionProtection,
    });
    const jobLog = new JobLog(this, 'job-log', { deployment, settings: environment.logs });
    const roles = new JobRoles(this, 'job-roles', {
      deployment,
      logGroupArn: jobLog.arn,
      statements: [...outputs.jobStatements(), ...(scratch?.statements() ?? [])],
      secrets: Object.values(environment.processes.own).flatMap((own) =>
        Object.values(own.secrets),
      ),
      buckets: Object.values(environment.processes.own).flatMap((own) => own.buckets),
    });
    const queueOf = (queueClass: QueueClass) =>
      new JobCompute(this, queueClass, {
        deployment,
        network,
        roles,
        queueClass,
        settings: environment.queues[queueClass],
        images: { ...release.machineImages, dataVolume: images.usable },
        releasedImage: release.machineImages.dataVolume,
      }).queueArn;
    const queues = {
      small: queueOf('small'),
      timeseries: queueOf('timeseries'),
      large: queueOf('large'),
    } satisfies Record<QueueClass, string>;
    const queueArns = queueClasses.map((queueClass) => queues[queueClass]);
    const definitionOf = (process: ProcessDescription, id: string, platform: Platform) =>
      new ProcessJobDefinition(this, id, {
        deployment,
        process,
        settings: environment.processes,
        imageDigest: release.processImages[process.job.image] ?? '',
        roles,
        logGroup: jobLog.name,
        platform,
      }).arn;
    const definitions = Object.fromEntries(
      processes
        .filter((process) => needsMachines(process, environment.queues))
        .map((process) => [
          process.job.image,
          definitionOf(process, `process-${process.job.image}`, {
            kind: 'machines',
            ...(scratch && needsFileSystem(process, environment.queues) ? { scratch } : {}),
          }),
        ]),
    );
    const fargateDefinitions = Object.fromEntries(
      processes.flatMap((process) =>
        taskArchitectures(process, environment.queues).map((architecture) => [
          process.job.image,
          definitionOf(process, `fargate-process-${process.job.image}`, {
            kind: 'fargate',
            architecture,
            givesPublicAddresses: network.givesPublicAddresses,
          }),
        ]),
      ),
    );

    // How clients reach them.
    const functions = new ServiceFunctions(this, 'functions', {
      deployment,
      settings: environment.handler,
      package: release.functions,
      logRetentionDays,
    });
    const api = new WpsApi(this, 'api', {
      deployment,
      settings: environment.api,
      functionArn: functions.wps.arn,
      allowOrigin: environment.service.allowOrigin ?? '*',
      logRetentionDays,
    });
    const mail =
      environment.mail && new Mail(this, 'mail', { deployment, settings: environment.mail });
    const configuration = new ConfigurationFile(this, 'configuration', {
      bucket: deployment.configurationBucket,
      alias: environment.name,
      properties: serviceProperties({
        environment,
        jobNamePrefix: deployment.name('job'),
        endpoint: api.endpoint,
        outputs,
        queues,
        definitions,
        fargateDefinitions,
        ...(mail ? { mail } : {}),
      }),
    });
    const deadLetters = new DeadLetters(this, 'dead-letters', { deployment });
    const access = new FunctionAccess(this, 'function-access', {
      deployment,
      functions,
      outputs: outputs.functionStatements(),
      ...(mail ? { mail: mail.statements() } : {}),
      deadLetterArn: deadLetters.arn,
    });
    const { wps, jobEvents } = new HandlerAliases(this, 'handler', {
      deployment,
      functions,
      package: release.functions,
      after: [configuration, access.wps, access.jobEvents],
    });
    api.mayCall(wps);
    new RecordedRelease(this, 'recorded-release', {
      deployment,
      release,
      previousDataVolumeImage: images.previous,
      isTakenElsewhere: props.isTakenElsewhere,
      after: [wps, jobEvents, images.kept],
    });

    // How jobs are followed.
    new JobEvents(this, 'job-events', {
      deployment,
      alias: jobEvents,
      queueArns,
      deadLetters,
      access: access.jobEvents,
    });

    // How people learn that something is wrong.
    const canary =
      environment.canary &&
      new Canary(this, 'canary', {
        deployment,
        settings: environment.canary,
        package: release.functions,
        endpoint: api.endpoint,
        logRetentionDays,
        after: [wps, jobEvents],
      });
    const trouble = new JobTrouble(this, 'job-trouble', {
      deployment,
      queueArns,
      logRetentionDays,
    });
    const metrics = operationsMetrics({
      environment: environment.name,
      wps,
      jobEvents,
      api,
      trouble,
      deadLetters,
    });
    const topic = new AlarmTopic(this, 'alarm-topic', {
      deployment,
      ...(environment.alarms.email === undefined ? {} : { email: environment.alarms.email }),
    });
    new Alarms(this, 'alarms', {
      deployment,
      watches: {
        ...environmentWatches(metrics, environment.alarms),
        ...(canary ? { canary: canary.watch } : {}),
      },
      topicArn: topic.arn,
    });
    new Dashboard(this, 'dashboard', {
      deployment,
      metrics,
      functionLogs: [functions.wps.logGroup, functions.jobEvents.logGroup],
    });
    new Budget(this, 'budget', {
      deployment,
      settings: environment.budget,
      topicArn: topic.arn,
    });
    new TerraformOutput(this, 'endpoint', { value: api.endpoint, staticId: true });
  }
}
