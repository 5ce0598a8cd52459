import { request } from 'undici';
import { defaultHttpSettings, httpClient } from '../../http-client.ts';

/** A server's response to a request for an object. */
export interface FetchedObject {
  /** 200 if the object or the requested range exists; otherwise the HTTP status of the failure. */
  readonly status: number;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** The objects of a store on another machine. */
export interface RemoteObjects {
  /**
   * @param key without a leading slash
   * @param range in the form of the HTTP header `Range`
   * @throws if there is no response, even after retries
   */
  get(key: string, range?: string): Promise<FetchedObject>;
  /** Names of the folders at the top level of the store; left out if they cannot be listed. */
  folders?(): Promise<string[]>;
  close(): Promise<void>;
}

/** The objects of a store at an HTTP URL. */
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
