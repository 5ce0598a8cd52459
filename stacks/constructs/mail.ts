import { Sesv2ConfigurationSet } from '@cdktf/provider-aws/lib/sesv2-configuration-set/index.js';
import { Sesv2EmailIdentity } from '@cdktf/provider-aws/lib/sesv2-email-identity/index.js';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { MailSettings } from '../../environments/mail-settings.ts';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';

export interface MailProps {
  readonly deployment: Deployment;
  readonly settings: MailSettings;
}

/** Mail of the service: Amazon SES, with the domain of the sender. */
export class Mail extends Construct {
  /** The sender as shown in the mails. */
  readonly from: string;
  readonly configurationSet: string;
  readonly #statements: readonly Statement[];

  constructor(scope: Construct, id: string, { deployment, settings }: MailProps) {
    super(scope, id);
    const { address, name } = settings;
    const domain = address.slice(address.lastIndexOf('@') + 1);
    // No more mail is sent to an address that bounced or complained.
    const set = new Sesv2ConfigurationSet(this, 'configuration-set', {
      configurationSetName: deployment.name('mail'),
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      deliveryOptions: { tlsPolicy: 'REQUIRE' },
      reputationOptions: { reputationMetricsEnabled: true },
    });
    if (settings.identity === 'create') {
      const identity = new Sesv2EmailIdentity(this, 'identity', { emailIdentity: domain });
      new TerraformOutput(scope, 'mail-dkim-tokens', {
        value: identity.dkimSigningAttributes.tokens,
        description: `CNAME records <token>._domainkey.${domain} to <token>.dkim.amazonses.com`,
        staticId: true,
      });
    }
    this.from = name === undefined ? address : `${name} <${address}>`;
    this.configurationSet = set.configurationSetName;
    this.#statements = [
      {
        // SES checks permission for both the identity and the configuration set.
        // Source: Service Authorization Reference, "Actions defined by Amazon SES v2", SendEmail
        sid: 'TellRecipients',
        actions: ['ses:SendEmail'],
        resources: [
          deployment.arn('ses', `identity/${domain}`),
          deployment.arn('ses', `configuration-set/${deployment.name('mail')}`),
        ],
        conditions: { StringEquals: { 'ses:FromAddress': address } },
      },
    ];
  }

  /** Permission for the function that follows jobs, which sends the mails. */
  statements(): readonly Statement[] {
    return this.#statements;
  }
}
