import { request } from 'undici';
import { defaultHttpSettings, httpClient } from '../../http-client.ts';

/** What a server answered to a request for an object. */
export interface FetchedObject {
  /** 200 where there is one, whole or the range asked for; else why not, as HTTP has it. */
  readonly status: number;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** The objects of a store that is not on this machine. */
export interface RemoteObjects {
  /**
   * @param key without a slash before it
   * @param range as the header `Range` of HTTP has it
   * @throws when there is no answer, also to further tries
   */
  get(key: string, range?: string): Promise<FetchedObject>;
  /** Names of the folders at the top of the store; left out where they cannot be listed. */
  folders?(): Promise<string[]>;
  close(): Promise<void>;
}

/** The objects of a store at a URL of HTTP. */
export function httpObjects(url: string): RemoteObjects {
  const base = url.replace(/\/+$/, '');
  const client = httpClient(defaultHttpSettings);
  return {
    async get(key, range) {
      const headers = range ? { range } : {};
      const answer = await request(`${base}/${key}`, { dispatcher: client, headers });
      const { statusCode: status, body } = answer;
      if (status === (range ? 206 : 200)) return { status: 200, body };
      await body.dump();
      return { status };
    },
    close: () => client.close(),
  };
}
