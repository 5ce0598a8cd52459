import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';
import { ReferenceFault } from './reference-fault.ts';

/** How references reach the network. Tests use a network of their own. */
export interface ReferenceNetwork {
  /** All addresses of a host. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly isAllowed: (address: string) => boolean;
  /** Connects to `hostname`, which is always a numeric address here. */
  readonly connect: buildConnector.connector;
}

export const publicNetwork: ReferenceNetwork = {
  resolve: async (hostname) =>
    (await lookup(hostname, { all: true })).map(({ address }) => address),
  isAllowed: isPublicAddress,
  connect: buildConnector({}),
};

/**
 * Connects to exactly the address that was checked. If the name were resolved again for the connection, a
 * name server could return an internal address the second time (DNS rebinding).
 *
 * A single address that is not allowed refuses the whole host: a host that mixes public and other addresses
 * is malicious or misconfigured.
 *
 * @param signal ends the attempt, because a request that waits for its connection cannot be ended itself
 */
export function checkedConnector(
  network: ReferenceNetwork,
  signal: AbortSignal,
): buildConnector.connector {
  return (options, callback) => {
    const ended = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    Promise.race([connectionTo(options, network, signal), ended]).then(
      (socket) => callback(null, socket),
      (error) => callback(error, null),
    );
  };
}

/** Tries each address, because a host often has an IPv6 address that this machine cannot reach. */
async function connectionTo(
  options: buildConnector.Options,
  network: ReferenceNetwork,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = await checkedAddresses(options.hostname, network);
  let lastError: unknown;
  for (const address of addresses) {
    signal.throwIfAborted();
    try {
      // `host` stays unchanged because the TLS certificate must match it.
      const socket = await connect({ ...options, hostname: address }, network);
      if (signal.aborted) socket.destroy();
      return socket;
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

async function checkedAddresses(
  hostname: string,
  network: ReferenceNetwork,
): Promise<readonly string[]> {
  // A resolver knows no brackets around an IPv6 address.
  const addresses = await network.resolve(hostname.replaceAll(/[[\]]/g, ''));
  if (addresses.length > 0 && addresses.every(network.isAllowed)) return addresses;
  throw new ReferenceFault(
    `host "${hostname}" has an address that is not on the public Internet. Only hosts that are can be allowed (--reference-host, REFERENCE_HOSTS); send the content in the request, or put it on such a host.`,
  );
}

function connect(options: buildConnector.Options, network: ReferenceNetwork): Promise<Socket> {
  return new Promise((resolve, reject) => {
    network.connect(options, (...[error, socket]) => {
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}
