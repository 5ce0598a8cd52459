import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { type ObjectStore, PreconditionFailed } from '../../batch-jobs/api/object-store.ts';

const place = 'keys/callbacks.pem';

/** A public key in the form in which receivers of callbacks look it up (RFC 7517; RFC 8037, clause 2). */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
  readonly kid: string;
}

/**
 * The key that signs callbacks. It is created on first use and stored in the store, so it need not be
 * configured or shared as a secret: receivers verify a signature with the public key, which the service
 * publishes.
 */
export class CallbackKey {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** The key of the store, created if there is none. */
  static async of(objects: ObjectStore): Promise<CallbackKey> {
    const found = await objects.get(place);
    if (found) return new CallbackKey(createPrivateKey(Buffer.from(found.body)));
    const { privateKey } = generateKeyPairSync('ed25519');
    try {
      await objects.put(place, privateKey.export({ format: 'pem', type: 'pkcs8' }), {
        contentType: 'application/x-pem-file',
        condition: 'absent',
      });
      return new CallbackKey(privateKey);
    } catch (error) {
      // Another process was faster.
      if (error instanceof PreconditionFailed) return await CallbackKey.of(objects);
      throw error;
    }
  }

  /**
   * Headers that authenticate the sender, by Standard Webhooks: `webhook-signature` is Ed25519 over id, time
   * and body, joined by dots.
   *
   * Source: Standard Webhooks, "Signature scheme", asymmetric (`v1a`).
   *
   * @param id the same for each attempt of one callback
   */
  sign(id: string, body: string, at: Date): Readonly<Record<string, string>> {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = sign(null, Buffer.from(`${id}.${timestamp}.${body}`), this.#key);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1a,${signature.toString('base64')}`,
    };
  }

  publicKey(): PublicKey {
    const { x = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    return { kty: 'OKP', crv: 'Ed25519', x, use: 'sig', alg: 'EdDSA', kid: x.slice(0, 16) };
  }
}
