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

/** What the service sends mails by: Amazon SES, with the domain that they come from. */
export class Mail extends Construct {
  /** As it stands in the mails. */
  readonly from: string;
  readonly configurationSet: string;
  readonly #statements: readonly Statement[];

  constructor(scope: Construct, id: string, { deployment, settings }: MailProps) {
    super(scope, id);
    const { address, name } = settings;
    const domain = address.slice(address.lastIndexOf('@') + 1);
    // An address that bounced or complained is not written to again.
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
        // SES asks for the identity and for the configuration set.
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

  /** For the function that follows jobs, which sends the mails. */
  statements(): readonly Statement[] {
    return this.#statements;
  }
}
