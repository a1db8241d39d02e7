import { spawnSync } from 'node:child_process';

const PYTHON = '/usr/bin/python3';
/** Reads `{raw, records}` in base64 and plain; says of each signature, from the top, whether it verifies. */
const VERIFY = `
import base64, json, sys, dkim
job = json.load(sys.stdin)
def dnsfunc(name, timeout=5):
    record = job["records"].get(name.decode().rstrip("."))
    return record.encode() if record else None
verdicts = []
for raw in job["raws"]:
    mail = dkim.DKIM(base64.b64decode(raw))
    count = len([name for name, _ in mail.headers if name.lower() == b"dkim-signature"])
    each = []
    for place in range(count):
        try:
            each.append(bool(dkim.DKIM(base64.b64decode(raw)).verify(idx=place, dnsfunc=dnsfunc)))
        except dkim.DKIMException:
            each.append(False)
    verdicts.append(each)
print(json.dumps(verdicts))
`;

/** Whether Python's dkim, with Ed25519, is on this machine. */
export const hasPythonDkim = (): boolean => spawnSync(PYTHON, ['-c', 'import dkim, nacl']).status === 0;

/** What each signature of each message is worth to Python's dkim, from the top. `records`: name to TXT. */
export function verifyByPython(raws: Buffer[], records: Record<string, string>): boolean[][] {
  const input = JSON.stringify({ raws: raws.map((raw) => raw.toString('base64')), records });
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', VERIFY], { input, maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`Python's dkim failed: ${stderr}`);
  return JSON.parse(stdout.toString());
}
