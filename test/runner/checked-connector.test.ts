import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { describe, expect, it } from 'vitest';
import {
  checkedConnector,
  type ReferenceNetwork,
} from '../../batch-jobs/runner/checked-connector.ts';

describe('a connection to a checked address', () => {
  /** A host with two addresses. The test answers each try. */
  const parts = () => {
    const stop = new AbortController();
    const tries: { hostname: string; answer: buildConnector.Callback }[] = [];
    const network: ReferenceNetwork = {
      resolve: async () => ['192.0.2.1', '192.0.2.2'],
      isAllowed: () => true,
      connect: ({ hostname }, answer) => void tries.push({ hostname, answer }),
    };
    const connected = new Promise<Socket>((resolve, reject) => {
      const options = { hostname: 'data.example.org', protocol: 'http:', port: '80' };
      checkedConnector(network, stop.signal)(options, (...[error, socket]) => {
        if (error === null) resolve(socket);
        else reject(error);
      });
    });
    const answer = async (index: number, ...how: Parameters<buildConnector.Callback>) => {
      await expect.poll(() => tries.length).toBeGreaterThan(index);
      tries[index]?.answer(...how);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    return { stop, tries, connected, answer };
  };

  it('a connection is made to the first address that answers', async () => {
    const { tries, connected, answer } = parts();
    const socket = new Socket();
    await answer(0, new Error('unreachable'), null);
    await answer(1, null, socket);
    expect(await connected).toBe(socket);
    expect(tries.map(({ hostname }) => hostname)).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('a connection fails with the reason of the last address', async () => {
    const { connected, answer } = parts();
    const failed = expect(connected).rejects.toThrow('refused');
    await answer(0, new Error('unreachable'), null);
    await answer(1, new Error('refused'), null);
    await failed;
  });

  it('a connection that is made after the end of the fetch is closed', async () => {
    const { stop, tries, connected, answer } = parts();
    const failed = expect(connected).rejects.toThrow('aborted');
    await expect.poll(() => tries).toHaveLength(1);
    stop.abort();
    const socket = new Socket();
    await answer(0, null, socket);
    await failed;
    expect(socket.destroyed).toBe(true);
  });

  it('a connection is not tried to further addresses after the end of the fetch', async () => {
    const { stop, tries, connected, answer } = parts();
    const failed = expect(connected).rejects.toThrow('aborted');
    await expect.poll(() => tries).toHaveLength(1);
    stop.abort();
    await answer(0, new Error('unreachable'), null);
    await failed;
    expect(tries).toHaveLength(1);
  });
});
