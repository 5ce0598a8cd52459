import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses of a name. Each question for IPv4 addresses receives the next list of `a`. */
export interface NameAnswers {
  readonly a?: readonly (readonly string[])[];
  /** 32 hexadecimal digits per address. */
  readonly aaaa?: readonly string[];
}

const types = { a: 1, aaaa: 28 };

/** A name server on 127.0.0.1 (RFC 1035) that answers only questions for addresses. */
export async function startNameServer(
  names: Readonly<Record<string, NameAnswers>>,
): Promise<Socket> {
  const asked = new Map<string, number>();
  const socket = createSocket('udp4', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    const found = names[name];
    let addresses: readonly string[] = [];
    if (type === types.a) {
      const times = asked.get(name) ?? 0;
      asked.set(name, times + 1);
      const lists = found?.a ?? [];
      addresses = (lists[Math.min(times, lists.length - 1)] ?? []).map((address) =>
        address
          .split('.')
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join(''),
      );
    } else if (type === types.aaaa) addresses = found?.aaaa ?? [];
    const header = Buffer.from(query.subarray(0, 12));
    // A response with recursion available. An unknown name has its own code.
    header.writeUInt16BE(found ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    const answers = addresses.map((address) => {
      const data = Buffer.from(address, 'hex');
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    socket.send(
      Buffer.concat([header, query.subarray(12, at + 5), ...answers]),
      from.port,
      from.address,
    );
  });
  socket.bind(53, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
