import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { expect, it } from 'vitest';
import { sesSender } from '../../lambda/aws/ses-sender.ts';
import { emulatedRegion, startEmulator } from './emulator.ts';

const mail = { to: 'ada@example.org', subject: 'ä', text: 'text', html: '<p>html</p>' };

it('SES accepts a mail of a known sender, refuses another, and is tried later if it cannot be reached', async () => {
  const emulator = await startEmulator();
  try {
    const client = {
      endpoint: emulator.endpoint,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    };
    const region = emulatedRegion;
    const ses = new SESv2Client({ region, ...client });
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.org' }));
    const send = sesSender({ from: 'WPS <wps@example.org>', region, client });
    expect(await send(mail)).toEqual({ kind: 'sent' });
    const answer = await fetch(`${emulator.endpoint}/moto-api/data.json`);
    expect(await answer.text()).toContain('ada@example.org');
    const stranger = sesSender({ from: 'wps@other.org', region, client });
    expect(await stranger(mail)).toMatchObject({ kind: 'refused' });
  } finally {
    await emulator.stop();
  }
});
