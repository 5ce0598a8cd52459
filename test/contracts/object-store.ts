import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ObjectStore, PreconditionFailed } from '../../batch-jobs/api/object-store.ts';

export interface ObjectStoreUnderTest {
  /** An empty store. */
  readonly store: ObjectStore;
  /** A second adapter on the same objects, as in another process. */
  readonly another: ObjectStore;
  /** The most keys that it lists in one answer, if it has such a bound. */
  readonly keysPerPage?: number;
  readonly stop?: () => Promise<void>;
}

const text = { contentType: 'text/plain' };

/** Tests of the object store port that every adapter must pass. */
export function describeObjectStore(
  name: string,
  start: () => Promise<ObjectStoreUnderTest>,
): void {
  describe(`${name} keeps the contract of an object store`, () => {
    let under: ObjectStoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await start();
      store = under.store;
    });
    afterAll(async () => under?.stop?.());

    const read = async (key: string) => {
      const found = await store.get(key);
      return found && new TextDecoder().decode(found.body);
    };
    const listed = async (prefix: string, after?: string) => {
      const keys: string[] = [];
      for await (const key of store.list(prefix, after)) keys.push(key);
      return keys;
    };

    describe('reading and writing', () => {
      it('an object store returns undefined for an object that does not exist', async () => {
        expect(await store.get('absent/a.txt')).toBeUndefined();
        expect(await store.open('absent/a.txt')).toBeUndefined();
      });

      it('an object store returns what was put, with the ETag that the put returned', async () => {
        const { etag } = await store.put('plain/a.txt', 'one', text);
        const found = await store.get('plain/a.txt');
        expect(found && new TextDecoder().decode(found.body)).toBe('one');
        expect(found?.etag).toBe(etag);
      });

      it('an unconditional put replaces an object and changes the ETag', async () => {
        const first = await store.put('plain/b.txt', 'one', text);
        const second = await store.put('plain/b.txt', 'two', text);
        expect(await read('plain/b.txt')).toBe('two');
        expect(second.etag).not.toBe(first.etag);
      });

      it('a put is visible to another process at once', async () => {
        await store.put('plain/c.txt', 'one', text);
        const found = await under.another.get('plain/c.txt');
        expect(found && new TextDecoder().decode(found.body)).toBe('one');
      });

      it('an object store keeps every byte of binary content', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        await store.put('plain/bytes.bin', bytes, { contentType: 'application/octet-stream' });
        const found = await store.get('plain/bytes.bin');
        expect(new Uint8Array(found?.body ?? [])).toEqual(bytes);
      });

      it('an object store keeps non-ASCII text as UTF-8', async () => {
        await store.put('plain/unicode.txt', 'Größe ≤ 3 µm, 海', text);
        expect(await read('plain/unicode.txt')).toBe('Größe ≤ 3 µm, 海');
      });

      it('an empty object is not an absent one', async () => {
        await store.put('plain/empty.txt', '', text);
        expect((await store.get('plain/empty.txt'))?.body).toHaveLength(0);
        const opened = await store.open('plain/empty.txt');
        expect(opened?.size).toBe(0);
        opened?.stream.destroy();
      });

      it.each([
        ['spaces', 'odd/a file with  spaces.txt'],
        ['percent signs and pluses', 'odd/100%25+more.txt'],
        ['characters of a URL', 'odd/a?b=c&d#e.txt'],
        ['quotes and brackets', `odd/"it's" <a> [b] {c}.txt`],
        ['characters outside ASCII', 'odd/Zürich-東京.txt'],
        ['dots that are no folders', 'odd/.../..a/b..txt'],
        ['a colon, as identifiers have', 'odd/gs:GoGoDuck.nc'],
        ['many folders', `odd/${'deep/'.repeat(30)}a.txt`],
      ])('an object store accepts a key with %s', async (_, key) => {
        await store.put(key, key, text);
        expect(await read(key)).toBe(key);
        expect(await listed('odd/')).toContain(key);
        await store.delete(key);
        expect(await store.get(key)).toBeUndefined();
      });
    });

    describe('conditional puts', () => {
      it('a put of an absent object succeeds only if there is no object', async () => {
        const { etag } = await store.put('cond/a', 'one', { ...text, condition: 'absent' });
        const second = store.put('cond/a', 'two', { ...text, condition: 'absent' });
        await expect(second).rejects.toBeInstanceOf(PreconditionFailed);
        expect(await read('cond/a')).toBe('one');
        expect((await store.get('cond/a'))?.etag).toBe(etag);
      });

      it('a second put of an absent object is refused, even with the same content', async () => {
        await store.put('cond/same', 'one', { ...text, condition: 'absent' });
        const second = under.another.put('cond/same', 'one', { ...text, condition: 'absent' });
        await expect(second).rejects.toBeInstanceOf(PreconditionFailed);
      });

      it('a conditional put replaces an object that is still the expected one', async () => {
        const first = await store.put('cond/b', 'one', text);
        const second = await store.put('cond/b', 'two', {
          ...text,
          condition: { etag: first.etag },
        });
        expect(await read('cond/b')).toBe('two');
        const third = await under.another.put('cond/b', 'three', {
          ...text,
          condition: { etag: second.etag },
        });
        expect((await store.get('cond/b'))?.etag).toBe(third.etag);
      });

      it('a conditional put refuses to replace an object that has changed', async () => {
        const first = await store.put('cond/c', 'one', text);
        await store.put('cond/c', 'two', text);
        const late = store.put('cond/c', 'three', { ...text, condition: { etag: first.etag } });
        await expect(late).rejects.toBeInstanceOf(PreconditionFailed);
        expect(await read('cond/c')).toBe('two');
      });

      it('a conditional put refuses to replace an object that was deleted', async () => {
        const first = await store.put('cond/d', 'one', text);
        await store.delete('cond/d');
        const late = store.put('cond/d', 'two', { ...text, condition: { etag: first.etag } });
        await expect(late).rejects.toBeInstanceOf(PreconditionFailed);
        expect(await store.get('cond/d')).toBeUndefined();
      });

      it('a refused conditional put names the key', async () => {
        await store.put('cond/named', 'one', text);
        await expect(
          store.put('cond/named', 'two', { ...text, condition: 'absent' }),
        ).rejects.toThrow('cond/named');
      });

      it('exactly one of many concurrent puts creates an object', async () => {
        for (let round = 0; round < 5; round++) {
          const key = `race/create-${round}`;
          const written = await Promise.allSettled(
            Array.from({ length: 16 }, (_, index) =>
              (index % 2 ? store : under.another).put(key, `${index}`, {
                ...text,
                condition: 'absent',
              }),
            ),
          );
          const winners = written.flatMap(({ status }, index) =>
            status === 'fulfilled' ? [index] : [],
          );
          expect(winners).toHaveLength(1);
          expect(await read(key)).toBe(`${winners[0]}`);
          for (const one of written) {
            if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(PreconditionFailed);
          }
        }
      });

      it('exactly one of many concurrent conditional puts replaces an object', async () => {
        for (let round = 0; round < 5; round++) {
          const key = `race/replace-${round}`;
          const { etag } = await store.put(key, 'start', text);
          const written = await Promise.allSettled(
            Array.from({ length: 16 }, (_, index) =>
              (index % 2 ? store : under.another).put(key, `${index}`, {
                ...text,
                condition: { etag },
              }),
            ),
          );
          const winners = written.flatMap(({ status }, index) =>
            status === 'fulfilled' ? [index] : [],
          );
          expect(winners).toHaveLength(1);
          expect(await read(key)).toBe(`${winners[0]}`);
          for (const one of written) {
            if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(PreconditionFailed);
          }
        }
      });

      it('a counter that many writers read, increment and put again is right in the end', async () => {
        await store.put('race/count', '0', text);
        const add = async (adapter: ObjectStore): Promise<void> => {
          for (;;) {
            const found = await adapter.get('race/count');
            if (!found) throw new Error('the counter is gone');
            const next = `${Number(new TextDecoder().decode(found.body)) + 1}`;
            try {
              await adapter.put('race/count', next, { ...text, condition: { etag: found.etag } });
              return;
            } catch (error) {
              if (!(error instanceof PreconditionFailed)) throw error;
            }
          }
        };
        const adapters = Array.from({ length: 8 }, (_, index) =>
          index % 2 ? store : under.another,
        );
        await Promise.all(adapters.map(add));
        expect(await read('race/count')).toBe('8');
      });
    });

    describe('streams', () => {
      const size = 34 * 1024 * 1024;
      const block = randomBytes(1024 * 1024);

      /** More than any adapter uploads in one part, and not a whole number of parts. */
      function* blocks() {
        for (let sent = 0; sent < size; sent += block.length) yield block;
        yield Buffer.from('the end');
      }

      it('a stream larger than one part is uploaded and opened byte for byte', async () => {
        await store.upload('stream/large', Readable.from(blocks()), {
          contentType: 'application/x-netcdf',
        });
        const opened = await store.open('stream/large');
        expect(opened?.size).toBe(size + 'the end'.length);
        const expected = createHash('sha256');
        for (const chunk of blocks()) expected.update(chunk);
        const found = createHash('sha256');
        for await (const chunk of opened?.stream ?? []) found.update(chunk);
        expect(found.digest('hex')).toBe(expected.digest('hex'));
      });

      it('a part of an object can be opened, from one byte to another', async () => {
        await store.upload('stream/part', Readable.from([Buffer.from('0123456789')]), text);
        const part = async (start: number, end: number) => {
          const opened = await store.open('stream/part', { start, end });
          const bytes: Buffer[] = [];
          for await (const chunk of opened?.stream ?? []) bytes.push(Buffer.from(chunk));
          return { text: Buffer.concat(bytes).toString(), size: opened?.size };
        };
        expect(await part(2, 4)).toEqual({ text: '234', size: 3 });
        expect(await part(0, 0)).toEqual({ text: '0', size: 1 });
        expect(await part(9, 9)).toEqual({ text: '9', size: 1 });
        expect(await part(0, 9)).toEqual({ text: '0123456789', size: 10 });
        expect(await store.open('stream/no-part', { start: 0, end: 1 })).toBeUndefined();
      });

      it('streams of a few bytes and of none can be uploaded', async () => {
        await store.upload('stream/few', Readable.from([Buffer.from('few')]), text);
        await store.upload('stream/none', Readable.from([]), text);
        expect(await read('stream/few')).toBe('few');
        expect(await read('stream/none')).toBe('');
      });

      it('an uploaded stream replaces an existing object', async () => {
        await store.put('stream/again', 'one', text);
        await store.upload('stream/again', Readable.from([Buffer.from('two')]), text);
        expect(await read('stream/again')).toBe('two');
      });

      it.each([
        ['in its first bytes', 10],
        ['after a whole part', size],
      ])('a stream that breaks off %s leaves nothing behind', async (_, after) => {
        function* breaking() {
          for (let sent = 0; sent + block.length < after; sent += block.length) yield block;
          yield Buffer.alloc(10);
          throw new Error('the disk is gone');
        }
        const upload = store.upload(`stream/broken-${after}`, Readable.from(breaking()), text);
        await expect(upload).rejects.toThrow('the disk is gone');
        expect(await store.get(`stream/broken-${after}`)).toBeUndefined();
        expect(await listed('stream/broken')).toEqual([]);
      });

      it('a stream that breaks off leaves the existing object unchanged', async () => {
        await store.put('stream/kept', 'one', text);
        const breaking = async function* () {
          yield Buffer.from('tw');
          throw new Error('the disk is gone');
        };
        await expect(store.upload('stream/kept', Readable.from(breaking()), text)).rejects.toThrow(
          'the disk is gone',
        );
        expect(await read('stream/kept')).toBe('one');
      });
    });

    describe('listing and deleting', () => {
      it('listing returns the keys below a prefix and no others', async () => {
        for (const key of ['list/a/1', 'list/a/2', 'list/ab/3', 'list/b/4']) {
          await store.put(key, key, text);
        }
        expect(await listed('list/a/')).toEqual(['list/a/1', 'list/a/2']);
        expect(await listed('list/a')).toEqual(['list/a/1', 'list/a/2', 'list/ab/3']);
        expect(await listed('list/nothing')).toEqual([]);
      });

      it('listing returns keys in the order of their bytes, across folders', async () => {
        const keys = ['sorted/a-1', 'sorted/a/1', 'sorted/a/2', 'sorted/a0', 'sorted/b/c/1'];
        for (const key of [...keys].reverse())
          await store.put(key, 'x', { contentType: 'text/plain' });
        expect(await listed('sorted/')).toEqual(keys);
      });

      it('listing starts after a given key, whether it exists or not', async () => {
        const keys = ['past/a-1', 'past/a/1', 'past/a/2', 'past/a0', 'past/b/c/1'];
        for (const key of keys) await store.put(key, 'x', { contentType: 'text/plain' });
        expect(await listed('past/', 'past/a/1')).toEqual(keys.slice(2));
        expect(await listed('past/', 'past/a/')).toEqual(keys.slice(1));
        expect(await listed('past/', 'past/a/15')).toEqual(keys.slice(2));
        expect(await listed('past/', 'past/b/c/1')).toEqual([]);
        expect(await listed('past/a', 'past/')).toEqual(keys.slice(0, 4));
      });

      it('listing returns more keys than fit on one page', async () => {
        const length = (under.keysPerPage ?? 50) + 10;
        const keys = Array.from({ length }, (_, index) => `many/${1_000 + index}`);
        for (let from = 0; from < keys.length; from += 50) {
          await Promise.all(keys.slice(from, from + 50).map((key) => store.put(key, '', text)));
        }
        expect(await listed('many/')).toEqual(keys.toSorted());
      });

      it('an object can be deleted, and deleted again without an error', async () => {
        await store.put('gone/a', 'one', text);
        await store.delete('gone/a');
        await store.delete('gone/a');
        expect(await store.get('gone/a')).toBeUndefined();
        expect(await listed('gone/')).toEqual([]);
      });
    });

    it('a link opens an object without credentials, if the store has links', async () => {
      await store.put('link/a.nc', 'content', { contentType: 'application/octet-stream' });
      const link = await store.link('link/a.nc', {
        filename: 'Größe "1".nc',
        contentType: 'application/x-netcdf',
        seconds: 60,
      });
      if (link === undefined) return;
      const response = await fetch(link);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('content');
    });
  });
}
