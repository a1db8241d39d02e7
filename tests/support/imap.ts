import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after } from 'node:test';

/** A mail server's mailbox over IMAP, as much of it (RFC 3501, RFC 6851) as a reader of one folder needs. */
export type ImapServer = {
  url: string;
  /** The mails of each folder by their uid. */
  folders: Map<string, Map<number, Buffer>>;
  /** Every command line received, without its tag; the password is not shown. */
  commands: string[];
  /** Breaks the connection instead of obeying the next command that matches. */
  breakAt(command: RegExp | undefined): void;
};

/** A mailbox on loopback with these mails in its INBOX, from uid 1 on; gone with the test file. */
export async function startImap(mails: Buffer[]): Promise<ImapServer> {
  const folders = new Map([['INBOX', new Map(mails.map((raw, place) => [place + 1, raw]))]]);
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let breaking: RegExp | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    const session = { selected: new Map<number, Buffer>() };
    socket.write('* OK [CAPABILITY IMAP4rev1 MOVE] ready\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        const [, tag = '', line = ''] = /^(\S+) (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        commands.push(line.startsWith('LOGIN') ? 'LOGIN' : line);
        if (breaking?.test(line)) {
          breaking = undefined;
          socket.destroy();
          return;
        }
        const answers = obey(line, folders, session);
        let answer = answers.next();
        for (; !answer.done; answer = answers.next()) socket.write(answer.value);
        socket.write(`${tag} ${answer.value ?? 'OK done'}\r\n`);
        if (line === 'LOGOUT') socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `imap://reader:secret@127.0.0.1:${port}/INBOX`,
    folders,
    commands,
    breakAt(command) {
      breaking = command;
    },
  };
}

/** Obeys a command, and returns why not where it does not. */
function* obey(
  line: string,
  folders: ImapServer['folders'],
  session: { selected: Map<number, Buffer> },
): Generator<string | Buffer, string | undefined> {
  const verb = /^(UID )?\w+/.exec(line)?.[0] ?? '';
  const mails = session.selected;
  const uidsOf = (set: string) =>
    set.split(',').flatMap((part) => {
      const [from = 0, to = from] = part.split(':').map(Number);
      return [...mails.keys()].filter((uid) => uid >= from && uid <= to);
    });
  const sequence = (uid: number) => [...mails.keys()].indexOf(uid) + 1;
  switch (verb) {
    case 'CAPABILITY':
      yield '* CAPABILITY IMAP4rev1 MOVE\r\n';
      return undefined;
    case 'LIST':
    case 'LSUB':
      yield line.endsWith('""') ? `* ${verb} (\\Noselect) "/" ""\r\n` : `* ${verb} () "/" INBOX\r\n`;
      return undefined;
    case 'SELECT':
    case 'EXAMINE': {
      const name = /"?([^"\s]+)"?\s*$/.exec(line)?.[1] ?? '';
      session.selected = folders.get(name) ?? new Map();
      yield '* FLAGS (\\Seen \\Deleted)\r\n';
      yield `* ${session.selected.size} EXISTS\r\n`;
      yield '* OK [UIDVALIDITY 7] uids\r\n';
      return undefined;
    }
    case 'CREATE': {
      const name = /"?([^"\s]+)"?$/.exec(line)?.[1] ?? '';
      if (folders.has(name)) return 'NO Mailbox already exists.'; // as Exchange says it, without a code
      folders.set(name, new Map());
      return undefined;
    }
    case 'UID SEARCH':
      yield `* SEARCH ${[...mails.keys()].join(' ')}\r\n`;
      return undefined;
    case 'UID FETCH':
      for (const uid of uidsOf(/^UID FETCH (\S+)/.exec(line)?.[1] ?? '')) {
        const raw = mails.get(uid) as Buffer;
        yield `* ${sequence(uid)} FETCH (UID ${uid} BODY[]${line.includes('<0.') ? '<0>' : ''} {${raw.length}}\r\n`;
        yield raw;
        yield ')\r\n';
      }
      return undefined;
    case 'UID MOVE': {
      const [, set = '', name = ''] = /^UID MOVE (\S+) "?([^"]+)"?$/.exec(line) ?? [];
      const target = folders.getOrInsertComputed(name, () => new Map());
      for (const uid of uidsOf(set)) {
        target.set(target.size + 1, mails.get(uid) as Buffer);
        yield `* ${sequence(uid)} EXPUNGE\r\n`;
        mails.delete(uid);
      }
    }
  }
  return undefined;
}
