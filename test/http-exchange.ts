import { connect, type Socket } from 'node:net';

/** An HTTP answer as received over the connection. */
export interface RawAnswer {
  /** 0 when the server closed the connection without an answer. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Time limit for an answer. It is generous, because answers slow down when the machine is busy. */
const longestMilliseconds = 100_000;

/** A request as bytes, which closes the connection after the answer. Arguments are inserted unescaped. */
export function rawRequest(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Buffer {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    host: '127.0.0.1',
    connection: 'close',
    ...(bytes.length > 0 ? { 'content-length': String(bytes.length) } : {}),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  // A target may contain bytes that are not text. `latin1` preserves every byte value.
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return Buffer.concat([head, bytes]);
}

/**
 * Sends bytes to a port of this machine and reads the whole answer.
 *
 * @throws when the answer is not complete in 100 seconds
 */
export async function exchange(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  return await readAnswer(open(port, request));
}

/** Opens a connection, sends the request, and leaves the connection open for more. */
export function open(port: number, request: string | Uint8Array): Socket {
  const socket = connect(port, '127.0.0.1');
  // A server that has answered may close the connection before it has read everything.
  socket.on('error', () => undefined);
  socket.write(request);
  return socket;
}

export function readAnswer(socket: Socket): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer in ${longestMilliseconds} ms`));
    }, longestMilliseconds);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => {
      clearTimeout(timer);
      const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      const body = rest.join('\r\n\r\n');
      const isChunked = /transfer-encoding: chunked/i.test(head);
      resolve({ status, headers: head, body: isChunked ? unchunked(body) : body });
    });
  });
}

function unchunked(body: string): string {
  return body.replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/gi, '').replace(/\r\n$/, '');
}
