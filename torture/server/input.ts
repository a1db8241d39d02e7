import type { Socket } from 'node:net';

/** What a client sends, read piece by piece; `undefined` once the connection is gone. */
export type Input = {
  line(): Promise<string | undefined>;
  /** So many bytes, whatever they are. */
  bytes(count: number): Promise<Buffer | undefined>;
  /** Resolves when anything is there that nobody has read yet. */
  some(): Promise<boolean>;
  /** A message up to its final dot, the dots that were doubled made single (RFC 5321 §4.5.2). */
  message(): Promise<Buffer | undefined>;
};

/** Reads `socket`, no faster than it is asked to. */
export function readFrom(socket: Socket): Input {
  let buffer: Buffer = Buffer.alloc(0);
  let isOver = false;
  let wake: (() => void) | undefined;
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  socket.on('data', (chunk: Buffer) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    socket.pause();
    stir();
  });
  for (const end of ['end', 'close', 'error'])
    socket.on(end, () => {
      isOver = true;
      stir();
    });

  const more = async (): Promise<boolean> => {
    if (isOver) return false;
    const arrived = new Promise<void>((resolve) => {
      wake = resolve;
    });
    socket.resume();
    await arrived;
    return true;
  };
  const take = (length: number): Buffer => {
    const taken = buffer.subarray(0, length);
    buffer = buffer.subarray(length);
    return taken;
  };
  const until = async (mark: string): Promise<Buffer | undefined> => {
    for (let from = 0; ; ) {
      const at = buffer.indexOf(mark, from, 'latin1');
      if (at !== -1) return take(at + mark.length);
      from = Math.max(0, buffer.length - mark.length);
      if (!(await more())) return undefined;
    }
  };

  return {
    line: async () => (await until('\r\n'))?.toString('utf8').slice(0, -2),
    bytes: async (count) => {
      while (buffer.length < count) if (!(await more())) return undefined;
      return take(count);
    },
    some: async () => {
      while (buffer.length === 0) if (!(await more())) return false;
      return true;
    },
    message: async () => {
      const raw = await until('\r\n.\r\n');
      if (!raw) return undefined;
      const body = raw.subarray(0, -3);
      return body.includes('\r\n..')
        ? Buffer.from(body.toString('latin1').replaceAll('\r\n..', '\r\n.'), 'latin1')
        : body;
    },
  };
}
