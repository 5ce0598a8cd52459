import { DataAwsLambdaAlias } from '@cdktf/provider-aws/lib/data-aws-lambda-alias/index.js';
import { DataAwsLambdaFunction } from '@cdktf/provider-aws/lib/data-aws-lambda-function/index.js';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { HandlerSettings } from '../../environments/handler-settings.ts';
import type { Deployment } from './deployment.ts';

export interface HandlerAliasesProps {
  readonly deployment: Deployment;
  readonly settings: HandlerSettings;
}

/** The environment's version of each function: an alias that has the environment's name. */
export class HandlerAliases extends Construct {
  readonly wps: LambdaAlias;
  readonly jobEvents: LambdaAlias;

  constructor(scope: Construct, id: string, { deployment, settings }: HandlerAliasesProps) {
    super(scope, id);
    const { wpsFunction, jobEventsFunction } = deployment.shared;
    this.wps = this.#alias('wps', wpsFunction, deployment, settings);
    this.jobEvents = this.#alias('job-events', jobEventsFunction, deployment, settings);
    new TerraformOutput(scope, 'wps_version', {
      value: this.wps.functionVersion,
      staticId: true,
    });
    new TerraformOutput(scope, 'job_events_version', {
      value: this.jobEvents.functionVersion,
      staticId: true,
    });
  }

  #alias(
    id: 'wps' | 'job-events',
    functionName: string,
    { environment }: Deployment,
    settings: HandlerSettings,
  ): LambdaAlias {
    return new LambdaAlias(this, id, {
      name: environment,
      functionName,
      functionVersion: this.#version(id, functionName, settings),
    });
  }

  #version(id: 'wps' | 'job-events', functionName: string, settings: HandlerSettings): string {
    switch (settings.version) {
      case 'newest':
        return new DataAwsLambdaFunction(this, `${id}-newest`, { functionName }).version;
      case 'promoted':
        return new DataAwsLambdaAlias(this, `${id}-promoted`, {
          functionName,
          name: settings.from,
        }).functionVersion;
      case 'pinned':
        return String(id === 'wps' ? settings.wps : settings.jobEvents);
    }
  }
}
