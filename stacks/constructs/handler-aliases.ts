import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { PublishedFunction } from './published-function.ts';
import type { ReleasedFunctions } from './release.ts';
import type { ServiceFunctions } from './service-functions.ts';

export interface HandlerAliasesProps {
  readonly deployment: Deployment;
  readonly functions: ServiceFunctions;
  readonly package: ReleasedFunctions;
  /**
   * What a version needs to run: its configuration and its permissions. The aliases move after these, so that
   * new code never runs on an old configuration.
   */
  readonly after: readonly ITerraformDependable[];
}

/** The alias of each function, named as the environment; callers use only aliases. */
export class HandlerAliases extends Construct {
  readonly wps: LambdaAlias;
  readonly jobEvents: LambdaAlias;

  constructor(scope: Construct, id: string, props: HandlerAliasesProps) {
    super(scope, id);
    this.wps = this.#alias('wps', props.functions.wps, props);
    this.jobEvents = this.#alias('job-events', props.functions.jobEvents, props);
    new TerraformOutput(scope, 'wps_version', {
      value: this.wps.functionVersion,
      staticId: true,
    });
    new TerraformOutput(scope, 'job_events_version', {
      value: this.jobEvents.functionVersion,
      staticId: true,
    });
  }

  #alias(id: string, published: PublishedFunction, props: HandlerAliasesProps): LambdaAlias {
    const { deployment, after } = props;
    return new LambdaAlias(this, id, {
      name: deployment.environment,
      description: `Commit ${props.package.commit}`,
      functionName: published.functionName,
      functionVersion: published.version,
      dependsOn: [...after],
    });
  }
}
