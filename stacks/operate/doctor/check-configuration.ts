import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import { configurationFilename } from '../../names.ts';
import type { AwsAccount } from '../aws-account.ts';
import { configurationIn, configurationText } from '../jobs/environment-service.ts';
import { broken, type Finding, ok, warns } from './finding.ts';

/** The configuration names the resources that later checks look at. */
export interface ReadConfiguration {
  readonly findings: readonly Finding[];
  readonly configuration?: AwsConfiguration;
}

/** Checks that the functions find a valid configuration. */
export async function readConfiguration(account: AwsAccount): Promise<ReadConfiguration> {
  const { environment } = account;
  const place = `s3://${account.configurationBucket}/${environment}/${configurationFilename}`;
  const mend = `npx cdktf deploy ${environment}`;
  const text = await configurationText(account);
  if (text === undefined) {
    return {
      findings: [
        broken('configuration', `${place} is not there; new functions answer HTTP 500`, mend),
      ],
    };
  }
  try {
    const configuration = configurationIn(account, text);
    const { processes } = configuration;
    const offered = `${place} offers ${processes.join(', ') || 'no process'}`;
    return {
      configuration,
      findings: [
        processes.length > 0 ? ok('configuration', offered) : warns('configuration', offered, mend),
      ],
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { findings: [broken('configuration', why, mend)] };
  }
}
