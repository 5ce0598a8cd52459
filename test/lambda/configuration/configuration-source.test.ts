import { beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { catalogue } from '../../../batch-jobs/catalogue.ts';
import { functionAlias } from '../../../lambda/aws/function-alias.ts';
import {
  type ConfigurationFile,
  ConfigurationSource,
} from '../../../lambda/configuration/configuration-source.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';

const file = (title: string, more = '') => `
STATUS_LOCATION=https://wps.example.org/wps/
JOB_QUEUE_NAME=queue
AWS_REGION=ap-southeast-2
OUTPUT_S3_BUCKET=outputs
SERVICE_TITLE=${title}
${more}`;

describe('the configurations of environments', () => {
  let files: Map<string, ConfigurationFile>;
  let asked: string[];
  let now: number;
  let logged: string[];
  let faults: string[];
  let source: ConfigurationSource;
  let answer: () => Promise<void>;

  beforeEach(() => {
    files = new Map();
    asked = [];
    now = 0;
    logged = [];
    faults = [];
    answer = async () => undefined;
    source = new ConfigurationSource({
      bucket: 'bucket',
      filename: 'wps.properties',
      fetch: async (key, known) => {
        asked.push(known ? `${key} unless ${known}` : key);
        await answer();
        const found = files.get(key);
        return known && found?.etag === known ? 'unchanged' : found;
      },
      catalogue,
      timeToLiveMilliseconds: 60_000,
      staleMilliseconds: 600_000,
      patienceMilliseconds: 10,
      now: () => new Date(now),
      watch: (alias) => ({
        log: jsonLog((line) => logged.push(line), { environment: alias }),
        metrics: { ...noMetrics, configurationFault: () => faults.push(alias) },
      }),
    });
    put('DEV', 'one');
  });

  const put = (alias: string, title: string, more = '') =>
    files.set(`${alias}/wps.properties`, { text: file(title, more), etag: `${alias} ${title}` });
  const titleOf = async (alias = 'DEV') => (await source.of(alias)).identification.title;
  /** Resolves when the work in the background has read its file and is done. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  /** The title in force after a check in the background. */
  const renewed = async () => {
    now += 60_000;
    await titleOf();
    await settled();
    return titleOf();
  };

  /** Like {@link renewed}, while an older check may still be running. */
  const renewedWithoutSettling = async () => {
    now += 600_000;
    return titleOf();
  };

  it('the configuration of an environment comes from the file below its alias', async () => {
    expect(await titleOf()).toBe('one');
    expect((await source.of('DEV')).environment).toBe('DEV');
    expect(asked).toEqual(['DEV/wps.properties']);
  });

  it('configurations of several environments are kept apart in one process', async () => {
    put('PROD', 'two');
    expect([await titleOf('DEV'), await titleOf('PROD'), await titleOf('DEV')]).toEqual([
      'one',
      'two',
      'one',
    ]);
  });

  it('concurrent requests read the configuration once', async () => {
    expect(await Promise.all([titleOf(), titleOf(), titleOf()])).toEqual(['one', 'one', 'one']);
    expect(asked).toHaveLength(1);
  });

  it('a fresh configuration is not read again', async () => {
    await titleOf();
    now += 59_999;
    await titleOf();
    expect(asked).toHaveLength(1);
  });

  it('the configuration is renewed in the background, and no request waits for it', async () => {
    await titleOf();
    put('DEV', 'two');
    now += 60_000;
    let goOn = () => {};
    answer = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    expect([await titleOf(), await titleOf()]).toEqual(['one', 'one']);
    expect(asked.slice(1)).toEqual(['DEV/wps.properties unless DEV one']);
    goOn();
    await settled();
    expect(await titleOf()).toBe('two');
  });

  it('an unchanged configuration is not parsed again', async () => {
    await titleOf();
    expect(await renewed()).toBe('one');
    expect(faults).toEqual([]);
    expect(logged).toEqual([]);
  });

  it.each([
    ['has faults', () => put('DEV', 'two', 'SYNC_TIMEOUT_SECONDS=never'), 'SYNC_TIMEOUT_SECONDS'],
    ['is gone', () => files.clear(), 's3://bucket/DEV/wps.properties is no longer there'],
    [
      'cannot be read',
      () => {
        answer = async () => {
          throw new Error('S3 does not answer');
        };
      },
      'S3 does not answer',
    ],
  ])(
    'the configuration stays in force if the new file %s, and an alarm is raised',
    async (_, spoil, words) => {
      await titleOf();
      spoil();
      expect(await renewed()).toBe('one');
      expect(await renewed()).toBe('one');
      expect(logged.join()).toContain(words);
      expect(faults.length).toBeGreaterThan(0);
      const before = faults.length;
      expect(await renewed()).toBe('one');
      expect(faults).toHaveLength(before + 1);
    },
  );

  it('one interrupted read, as in a frozen process, is not a configuration fault', async () => {
    await titleOf();
    const breaksOff = async () => {
      throw new Error('socket hang up');
    };
    for (const reads of [breaksOff, async () => undefined, breaksOff]) {
      answer = reads;
      await renewed();
    }
    expect(faults).toEqual([]);
    await renewed();
    expect(faults).toEqual(['DEV']);
  });

  it('an interrupted read after a later successful one is not a configuration fault', async () => {
    await titleOf();
    let breakOff = () => {};
    answer = () =>
      new Promise((_, reject) => {
        breakOff = () => reject(new Error('socket hang up'));
      });
    await renewed();
    answer = async () => undefined;
    await renewed();
    breakOff();
    await settled();
    answer = async () => {
      throw new Error('socket hang up');
    };
    await renewed();
    expect(faults).toEqual([]);
  });

  it('the configuration is renewed before answering a request after a long silence', async () => {
    await titleOf();
    put('DEV', 'two');
    now += 600_000;
    expect(await titleOf()).toBe('two');
  });

  it('requests do not wait long, nor each of them, for a configuration file that does not arrive', async () => {
    await titleOf();
    put('DEV', 'two');
    now += 600_000;
    answer = () => new Promise(() => undefined);
    expect([await titleOf(), await titleOf()]).toEqual(['one', 'one']);
    expect(asked).toHaveLength(2);
  });

  it('a late read of an older configuration does not replace a newer one', async () => {
    await titleOf();
    put('DEV', 'two');
    now += 60_000;
    let goOn = () => {};
    const first = files.get('DEV/wps.properties') as ConfigurationFile;
    answer = () =>
      new Promise((resolve) => {
        goOn = () => {
          files.set('DEV/wps.properties', first);
          resolve();
        };
      });
    await titleOf();
    answer = async () => undefined;
    put('DEV', 'three');
    expect(await renewedWithoutSettling()).toBe('three');
    goOn();
    await settled();
    expect(await titleOf()).toBe('three');
  });

  it('the configuration is renewed once its file is mended', async () => {
    await titleOf();
    put('DEV', 'two', 'SYNC_TIMEOUT_SECONDS=never');
    await renewed();
    put('DEV', 'three');
    expect(await renewed()).toBe('three');
  });

  it('a missing first configuration file is reported with bucket and key, and read once it exists', async () => {
    await expect(source.of('PROD')).rejects.toThrow('s3://bucket/PROD/wps.properties is not there');
    expect(faults).toEqual(['PROD']);
    put('PROD', 'two');
    expect(await titleOf('PROD')).toBe('two');
  });

  it('a faulty first configuration file is reported with bucket, key and property', async () => {
    put('RC', 'two', 'OUTPUT_LINK_SECONDS=0');
    await expect(source.of('RC')).rejects.toThrow(
      /s3:\/\/bucket\/RC\/wps\.properties: OUTPUT_LINK_SECONDS is "0"/,
    );
  });

  it('unknown keys of the configuration are reported', async () => {
    put('DEV', 'one', 'STATUS_FILE_NAME=x');
    await titleOf();
    expect(logged.join()).toContain('STATUS_FILE_NAME');
  });
});

describe('the alias of a call', () => {
  const arn = 'arn:aws:lambda:ap-southeast-2:123456789012:function:wps';
  it.each([
    [arn, '$LATEST'],
    [`${arn}:$LATEST`, '$LATEST'],
    [`${arn}:PROD`, 'PROD'],
    ['arn:aws:lambda:ap-southeast-2:123456789012:function:PROD', '$LATEST'],
  ])('the alias of %s is %s', (invoked, alias) => {
    expect(functionAlias(invoked)).toBe(alias);
  });
});
