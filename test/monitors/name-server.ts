import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** What is answered to a question; `silence` answers nothing. */
export type NameAnswer = readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silence';

/** A question as it came: a name and a type of record. */
export interface Question {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'NS' | 'other';
}

/** RFC 1035 section 4.1.1. */
const CODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;

/** RFC 1035 section 3.2.2, RFC 3596. */
const TYPES: Readonly<Record<number, Question['type']>> = { 1: 'A', 2: 'NS', 28: 'AAAA' };

/** A DNS server on a free local port that answers as a test tells it. Unknown names do not exist. */
export class NameServer {
  readonly questions: Question[] = [];
  private readonly answers = new Map<string, readonly NameAnswer[]>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (message, from) => this.receive(message, from));
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket);
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Answers each A or AAAA question for the name with the next of `answers`, and then always with the last. */
  serve(name: string, ...answers: readonly NameAnswer[]): void {
    this.answers.set(name, answers);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private receive(message: Buffer, from: RemoteInfo): void {
    const labels: string[] = [];
    let at = 12;
    for (let size = message[at]!; size > 0; size = message[at]!) {
      labels.push(message.toString('latin1', at + 1, at + 1 + size));
      at += 1 + size;
    }
    const question: Question = {
      name: labels.join('.').toLowerCase(),
      type: TYPES[message.readUInt16BE(at + 1)] ?? 'other',
    };
    this.questions.push(question);
    const answer = this.next(question);
    if (answer === 'silence') return;
    const asked = message.subarray(12, at + 5);
    this.socket.send(replyTo(message, asked, question.type, answer), from.port, from.address);
  }

  /** Questions of one type take turns among themselves. */
  private next({ name, type }: Question): NameAnswer {
    const answers = this.answers.get(name) ?? ['NXDOMAIN'];
    const times = this.questions.filter(
      (question) => question.name === name && question.type === type,
    ).length;
    return answers[Math.min(times, answers.length) - 1] ?? 'NXDOMAIN';
  }
}

function replyTo(message: Buffer, asked: Buffer, type: Question['type'], answer: NameAnswer): Buffer {
  const addresses = typeof answer === 'string' ? [] : answer;
  const records = addresses.filter((address) => isIP(address) === (type === 'A' ? 4 : 6)).map(recordOf);
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  const code = typeof answer === 'string' && answer !== 'silence' ? CODES[answer] : 0;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, asked, ...records]);
}

/** A record about the name of the question, valid for no time at all. */
function recordOf(address: string): Buffer {
  const isFour = isIP(address) === 4;
  // Only full addresses of eight groups are used here.
  const bytes = isFour
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        address
          .split(':')
          .map((group) => group.padStart(4, '0'))
          .join(''),
        'hex',
      );
  const head = Buffer.from([0xc0, 12, 0, isFour ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
  return Buffer.concat([head, bytes]);
}
